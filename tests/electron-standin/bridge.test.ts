import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import type { Bridge, BridgeMessage, BridgeReply } from '../../app/contract/bridge.ts'
import { launchApp } from './launch.ts'
import type { RunningApp } from './launch.ts'

declare global {
  interface Window {
    rmada: Bridge
    /** What the test's own streams got. */
    got: BridgeMessage[]
  }
}

let app: RunningApp
let page: Page
beforeAll(async () => {
  app = await launchApp()
  page = await app.page()
})
afterAll(() => app.close())

const call = (method: string, input: unknown): Promise<BridgeReply> =>
  page.evaluate(([name, value]) => window.rmada.call(name, value), [method, input] as const)

describe('what the page has', () => {
  it('is three functions, and nobody can change them', async () => {
    expect(await page.evaluate(() => Object.entries(window.rmada).map(([name, value]) => `${name}: ${typeof value}`)))
      .toEqual(['call: function', 'subscribe: function', 'close: function'])
    expect(await page.evaluate(() => Object.isFrozen(window.rmada))).toBe(true)
    expect(await page.evaluate(() => Reflect.set(window, 'rmada', 'mine'))).toBe(false)
  })

  it('is nothing of Node or Electron', async () => {
    const names = ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron', '__dirname']
    expect(await page.evaluate(all => all.filter(name => name in window), names)).toEqual([])
  })

  it('is a window without privileges', async () => {
    const [window] = (await app.ask('look')).windows
    expect(window?.webPreferences).toMatchObject({
      contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false, webSecurity: true, webviewTag: false
    })
    expect((await app.ask('look')).privileges)
      .toMatchObject([{ scheme: 'rmada-app', privileges: { standard: true, secure: true } }])
  })
})

describe('a call', () => {
  it('crosses to the manager in its own process and back', async () => {
    const reply = await call('manager.info', {})
    expect(reply).toMatchObject({ ok: true, value: { protocol: 1, dataDirectory: app.dataDirectory } })
    // A process of its own: neither the test, nor the app.
    const { pid } = (reply as { value: { pid: number } }).value
    expect(pid).not.toBe(process.pid)
    expect(() => process.kill(pid, 0)).not.toThrow()
  })

  it.each([
    ['an unknown procedure', 'networks.steal', {}, 'UNKNOWN_PROCEDURE'],
    ['a procedure that is not for windows', 'manager.shutdown', {}, 'UNKNOWN_PROCEDURE'],
    ['input of the wrong kind', 'networks.get', { name: 7 }, 'INVALID_INPUT'],
    ['a network that is not there', 'networks.get', { name: 'nowhere' }, 'NETWORK_UNKNOWN']
  ])('with %s comes back as an error with its code and advice', async (_what, method, input, code) => {
    const reply = await call(method, input)
    const something: unknown = expect.stringMatching(/./)
    expect(reply).toMatchObject({ ok: false, error: { code, message: something, suggestion: something } })
  })

  it('with something that cannot be cloned is refused on the page, by its reason', async () => {
    const message = await page.evaluate(() => window.rmada.call('manager.info', { callback: () => 'mine' })
      .then(() => 'went through', (error: Error) => error.message))
    expect(message).toMatch(/could not be cloned/)
  })
})

describe('a stream', () => {
  const open = (method: string): Promise<string> => page.evaluate(name => {
    window.got = []
    return window.rmada.subscribe(name, {}, message => window.got.push(message))
  }, method)
  const got = (): Promise<BridgeMessage[]> => page.evaluate(() => window.got)

  it('sends the present state first', async () => {
    const id = await open('tasks.watch')
    await expect.poll(got).toEqual([{ kind: 'event', event: { kind: 'all', items: [] } }])
    await page.evaluate(name => window.rmada.close(name), id)
  })

  it('brings what happens while it is open, and nothing after it was closed', async () => {
    const id = await open('manager.watch')
    await expect.poll(got).toEqual([{ kind: 'event', event: { kind: 'ready' } }])
    await call('manager.activate', {})
    await expect.poll(got).toContainEqual({ kind: 'event', event: { kind: 'activate' } })
    await page.evaluate(name => { window.rmada.close(name); window.got = [] }, id)
    expect(await call('manager.activate', {})).toMatchObject({ ok: true })
    // The answer to a later call is behind any event that were still to come.
    await call('manager.info', {})
    expect(await got()).toEqual([])
  })

  it('ends with its page when that is loaded anew', async () => {
    const watchers = async (): Promise<number> => {
      const reply = await call('manager.activate', {})
      return reply.ok ? (reply.value as { windows: number }).windows : -1
    }
    await page.reload()
    // Of the page itself and of the main process; they open in their own time.
    await expect.poll(watchers).toBeGreaterThan(0)
    const id = await open('manager.watch')
    await expect.poll(got).not.toEqual([])
    const before = await watchers()
    await page.reload()
    await expect.poll(watchers).toBeLessThan(before)
    expect(id).not.toBe('')
  })

  it('of an unknown name ends with the reason', async () => {
    await open('networks.listen')
    await expect.poll(got).toMatchObject([{ kind: 'end', error: { code: 'UNKNOWN_PROCEDURE' } }])
  })
})

describe('a message from elsewhere', () => {
  const own = { url: 'rmada-app://app/index.html', parent: null }
  const info = { method: 'manager.info', input: {} }

  it('is answered when all is right, so that the refusals below mean something', async () => {
    expect(await app.ask('forge', { channel: 'rmada:call', message: info, contents: 'own', frame: own }))
      .toMatchObject({ ok: true, values: [{ ok: true }] })
  })

  it.each([
    ['from a frame inside the window', 'own', { ...own, parent: {} }],
    ['from the window on a foreign page', 'own', { url: 'https://evil.test/', parent: null }],
    ['from another webContents on our page', 'foreign', own],
    ['from a frame that is gone', 'own', null]
  ] as const)('%s is refused on every channel', async (_who, contents, frame) => {
    for (const channel of ['rmada:call', 'rmada:subscribe', 'rmada:close']) {
      const message = channel === 'rmada:call' ? info : { subscription: 'x', method: 'tasks.watch', input: {} }
      expect(await app.ask('forge', { channel, message, contents, frame }))
        .toMatchObject({ ok: true, values: [{ ok: false, error: { code: 'NOT_AUTHORIZED' } }] })
    }
  })

  it.each([
    ['no object', 'call me'],
    ['no method', { input: {} }],
    ['a method that is no text', { method: {}, input: {} }],
    ['nothing', undefined]
  ])('that is malformed (%s) gets a plain refusal', async (_what, message) => {
    expect(await app.ask('forge', { channel: 'rmada:call', message, contents: 'own', frame: own }))
      .toMatchObject({ values: [{ ok: false, error: { code: 'MALFORMED_MESSAGE' } }] })
  })

  it('on any other channel finds nobody', async () => {
    expect((await app.ask('look')).oneWayChannels).toEqual([])
    expect(await app.ask('forge', { channel: 'electron-store-get-data', message: {}, contents: 'own', frame: own }))
      .toMatchObject({ ok: false })
  })
})
