import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { BridgeReply } from '../../app/contract/bridge.ts'
import { launchApp, until } from './launch.ts'
import type { RunningApp } from './launch.ts'

let app: RunningApp
afterEach(() => app.close())

const managerPid = async (): Promise<number> => {
  const page = await app.page()
  const reply: BridgeReply = await page.evaluate(() => window.rmada.call('manager.info', {}))
  return (reply as { value: { pid: number } }).value.pid
}
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('comes to the front when it is started again, and the second start ends', async () => {
  app = await launchApp()
  await app.page()
  await app.ask('minimize')
  expect(await app.startAgain()).toBe(0)
  await expect.poll(async () => (await app.ask('look')).windows)
    .toMatchObject([{ minimized: false, visible: true, focusCount: 1 }])
})

it('comes to the front when the command line or another start asks the manager for it', async () => {
  app = await launchApp()
  const page = await app.page()
  await managerPid()
  const reply = await until('the app listens for the request', () => page.evaluate(async () => {
    const answer: BridgeReply = await window.rmada.call('manager.activate', {})
    return answer.ok && (answer.value as { windows: number }).windows > 0
  }))
  expect(reply).toBe(true)
  await expect.poll(async () => (await app.ask('look')).windows[0]?.focusCount).toBeGreaterThan(0)
})

describe('closing the last window', () => {
  it('without networks ends the app and its manager, in good order', async () => {
    app = await launchApp()
    const pid = await managerPid()
    await app.ask('closeWindows')
    expect(await app.exited).toBe(0)
    expect(alive(pid)).toBe(false)
    expect(existsSync(join(app.dataDirectory, '../run/manager.json'))).toBe(false)
  })

  it('remembers where it stood', async () => {
    app = await launchApp()
    await managerPid()
    await app.ask('closeWindows')
    await app.exited
    expect(JSON.parse(readFileSync(join(app.dataDirectory, 'window.json'), 'utf8')))
      .toMatchObject({ window: { width: 1120, height: 760, maximized: false } })
  })
})

describe('opening the window', () => {
  const bounds = async (): Promise<object | undefined> => {
    await app.page()
    return (await app.ask('look')).windows[0]?.bounds
  }

  it('puts it where it last stood', async () => {
    const window = { x: 40, y: 60, width: 900, height: 640, maximized: false }
    app = await launchApp({}, JSON.stringify({ window, stayNoticeShown: false }))
    expect(await bounds()).toEqual({ x: 40, y: 60, width: 900, height: 640 })
  })

  it.each([
    ['torn', '{"window":{"x":'],
    ['of another shape', JSON.stringify({ window: { x: 'left', width: -3 } })]
  ])('is not stopped by settings that are %s', async (_what, settings) => {
    app = await launchApp({}, settings)
    expect(await bounds()).toMatchObject({ width: 1120, height: 760 })
  })
})

// On a Mac every app stays in the dock; the question does not arise.
describe.skipIf(process.platform === 'darwin')('closing the last window with networks', () => {
  it('stays beside the clock, says so once, and opens from there', async () => {
    app = await launchApp()
    const page = await app.page()
    const launched: BridgeReply = await page.evaluate(() =>
      window.rmada.call('networks.launch', { region: 'practice-1', name: 'kept', instances: 1 }))
    expect(launched).toMatchObject({ ok: true })

    await app.ask('closeWindows')
    await expect.poll(async () => (await app.ask('look')).trays).toEqual([['Open Rmada', '', 'Quit Rmada']])
    await expect.poll(async () => (await app.ask('look')).dialogs)
      .toEqual([{ message: 'Rmada keeps running, because you have networks.', buttons: ['Keep running', 'Quit'] }])

    await app.ask('clickTray', { label: 'Open Rmada' })
    const again = await app.page()
    const networks: BridgeReply = await again.evaluate(() => window.rmada.call('networks.list', {}))
    expect(networks).toMatchObject({ ok: true, value: [{ name: 'kept' }] })

    await app.ask('closeWindows')
    await expect.poll(async () => (await app.ask('look')).windows).toEqual([])
    await app.ask('clickTray', { label: 'Quit Rmada' })
    expect(await app.exited).toBe(0)
    expect(JSON.parse(readFileSync(join(app.dataDirectory, 'window.json'), 'utf8')))
      .toMatchObject({ stayNoticeShown: true })
  })

  it('ends too, when the user says so to the notice', async () => {
    app = await launchApp()
    const page = await app.page()
    await app.ask('answerNextDialog', { button: 1 })
    await page.evaluate(() => window.rmada.call('networks.launch', { region: 'practice-1', name: 'left', instances: 1 }))
    await app.ask('closeWindows')
    expect(await app.exited).toBe(0)
  })
})

it('quits by the menu and takes its manager along', async () => {
  app = await launchApp()
  const pid = await managerPid()
  expect((await app.ask('look')).menu).toContain(process.platform === 'darwin' ? 'appMenu' : 'fileMenu')
  await app.ask('quit')
  expect(await app.exited).toBe(0)
  expect(alive(pid)).toBe(false)
})

it('starts a new manager when the first one dies, and calls work again', async () => {
  app = await launchApp()
  const first = await managerPid()
  process.kill(first, 'SIGKILL')
  const page = await app.page()
  const second = await until('a new manager answers', () => page.evaluate(async old => {
    const reply: BridgeReply = await window.rmada.call('manager.info', {})
    const pid = reply.ok ? (reply.value as { pid: number }).pid : old
    return pid === old ? null : pid
  }, first))
  expect(alive(second)).toBe(true)
})

it('is a client of the manager that already lives, and leaves it alive', async () => {
  app = await launchApp()
  const pid = await managerPid()
  const other = await launchApp({
    RMADA_RUNTIME_DIR: join(app.dataDirectory, '../run')
  })
  try {
    const page = await other.page()
    const reply: BridgeReply = await page.evaluate(() => window.rmada.call('manager.info', {}))
    expect(reply).toMatchObject({ ok: true, value: { pid } })
    await other.ask('closeWindows')
    expect(await other.exited).toBe(0)
    expect(alive(pid)).toBe(true)
  } finally {
    await other.close()
  }
})

it('leaves no process behind', async () => {
  app = await launchApp()
  await managerPid()
  const folder = join(app.dataDirectory, '..')
  await app.close()
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'])
  expect(stdout.split('\n').filter(line => line.includes(folder))).toEqual([])
})
