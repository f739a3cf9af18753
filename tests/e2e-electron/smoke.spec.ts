import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from 'playwright'
import type { ElectronApplication, Page } from 'playwright'
import { expect, test } from 'playwright/test'
import type { Bridge, BridgeReply } from '../../app/contract/bridge.ts'
import { electronBinary, root } from './binary.ts'

declare global {
  interface Window { rmada: Bridge }
}

const data = mkdtempSync(join(tmpdir(), 'rmada-e2e-'))
let app: ElectronApplication
let page: Page

/** A root user, as in containers, can have Chromium only without its sandbox. */
const asRoot = process.getuid?.() === 0

test.beforeAll(async () => {
  if (!existsSync(join(root, 'out/main/index.js'))) throw new Error('The app is not built: run "npm run build" first.')
  app = await _electron.launch({
    executablePath: electronBinary() ?? '',
    args: [...(asRoot ? ['--no-sandbox'] : []), root],
    env: {
      ...process.env as Record<string, string>,
      RMADA_DATA_DIR: join(data, 'data'), RMADA_RUNTIME_DIR: join(data, 'run'), RMADA_PRACTICE_BACKEND: 'processes'
    }
  })
  page = await app.firstWindow()
  await page.locator('#root > *').first().waitFor({ state: 'attached' })
})

test.afterAll(async () => {
  await app?.close()
  rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

test('the page has three functions and nothing of Node', async () => {
  expect(page.url()).toMatch(/^rmada-app:\/\/app\/index\.html/)
  expect(await page.evaluate(() => Object.keys(window.rmada))).toEqual(['call', 'subscribe', 'close'])
  expect(await page.evaluate(() => ['require', 'process', 'ipcRenderer'].filter(name => name in window))).toEqual([])
})

test('a call crosses to the manager in a process of its own', async () => {
  const reply: BridgeReply = await page.evaluate(() => window.rmada.call('manager.info', {}))
  expect(reply).toMatchObject({ ok: true, value: { protocol: 1 } })
  expect((reply as { value: { pid: number } }).value.pid).not.toBe(app.process().pid)
})

test('an error keeps its code on the way through Electron', async () => {
  const reply: BridgeReply = await page.evaluate(() => window.rmada.call('networks.get', { name: 'nowhere' }))
  expect(reply).toMatchObject({ ok: false, error: { code: 'NETWORK_UNKNOWN' } })
})

test('no window opens, no other page is shown, no permission is given, no inline script runs', async () => {
  await app.evaluate(({ shell }) => { shell.openExternal = async () => undefined })
  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull()
  await page.evaluate(() => { location.href = 'https://example.org/' })
  await page.waitForTimeout(500)
  expect(page.url()).toMatch(/^rmada-app:/)
  expect(app.windows()).toHaveLength(1)
  expect(await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state))
    .toBe('denied')
  expect(await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.injected = true'
    document.body.append(script)
    return 'injected' in window
  })).toBe(false)
})
