import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import type { commands } from './electron/control.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const register = new URL('register.ts', import.meta.url).href
const built = join(root, 'out/main/index.js')

type Commands = typeof commands
type Input<C extends keyof Commands> = Parameters<Commands[C]> extends [infer I] ? [input: I] : []

/** The built app, running on the stand-in in a process of its own. */
export interface RunningApp {
  /** Its window as a user sees it. */
  readonly page: () => Promise<Page>
  readonly ask: <C extends keyof Commands>(command: C, ...input: Input<C>) => Promise<Awaited<ReturnType<Commands[C]>>>
  readonly exited: Promise<number | null>
  readonly dataDirectory: string
  /** Starts the app once more on the same data, as a second click on its icon does. */
  readonly startAgain: () => Promise<number | null>
  readonly close: () => Promise<void>
}

/** Debian's own Chromium where Playwright has none of its own. */
function systemChromium(): string | undefined {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => existsSync(path))
}

/** Waits until a condition holds, and fails with its name when it does not in time. */
export async function until<T>(what: string, look: () => Promise<T> | T, limitMs = 20_000): Promise<NonNullable<T>> {
  const limit = Date.now() + limitMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > limit) throw new Error(`Waited ${limitMs} ms in vain until ${what}`)
    await sleep(50)
  }
}

/**
 * Starts the built app with data of its own; `environment` adds to this process's, `windowSettings` is what the file of
 * the window's settings holds.
 */
export async function launchApp(environment: NodeJS.ProcessEnv = {}, windowSettings?: string): Promise<RunningApp> {
  if (!existsSync(built)) throw new Error('The app is not built: run "npm run build" first.')
  const directory = mkdtempSync(join(tmpdir(), 'rmada-app-'))
  const profile = join(directory, 'profile')
  const chromiumPath = systemChromium()
  const env = {
    ...process.env, RMADA_DATA_DIR: join(directory, 'data'), RMADA_RUNTIME_DIR: join(directory, 'run'),
    RMADA_PRACTICE_BACKEND: 'processes', STANDIN_PROFILE: profile,
    ...(chromiumPath === undefined ? {} : { STANDIN_CHROMIUM: chromiumPath }), ...environment
  }
  if (windowSettings !== undefined) {
    mkdirSync(env.RMADA_DATA_DIR, { recursive: true, mode: 0o700 })
    writeFileSync(join(env.RMADA_DATA_DIR, 'window.json'), windowSettings)
  }
  const start = (): ChildProcess => fork(built, [], {
    cwd: root, env, execArgv: ['--disable-warning=ExperimentalWarning', '--import', register],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced'
  })

  const child = start()
  const ended = (process: ChildProcess): Promise<number | null> =>
    new Promise(resolve => { process.once('exit', code => resolve(code)) })
  const exited = ended(child)
  const waiting = new Map<number, (result: never) => void>()
  const gone = exited.then(code => { throw new Error(`The app ended with code ${code}`) })
  gone.catch(() => undefined)
  let asked = 0
  child.on('message', ({ id, result }: { id: number; result: never }) => {
    waiting.get(id)?.(result)
    waiting.delete(id)
  })

  const ask: RunningApp['ask'] = (command, ...input) => Promise.race([gone, new Promise<never>((resolve, reject) => {
    const id = asked++
    waiting.set(id, resolve)
    child.send({ id, command, input: input[0] }, error => { if (error) reject(error) })
  })])

  let browser: Browser | null = null
  const connect = async (): Promise<Browser> => {
    const portFile = join(profile, 'DevToolsActivePort')
    const port = await until('Chromium is up', () =>
      existsSync(portFile) && readFileSync(portFile, 'utf8').split('\n')[0])
    return chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  }

  return {
    page: async () => {
      await until('the window shows its page', async () =>
        (await ask('look')).windows.some(window => window.visible))
      browser ??= await connect()
      return until('the page can be looked at', () =>
        browser?.contexts().flatMap(context => context.pages()).find(page => page.url().includes('.standin.invalid')))
    },
    ask, exited, dataDirectory: env.RMADA_DATA_DIR,
    startAgain: () => ended(start()),
    close: async () => {
      if (child.connected) await ask('quit').catch(() => undefined)
      const late = setTimeout(() => child.kill('SIGKILL'), 25_000)
      await exited
      clearTimeout(late)
      await browser?.close().catch(() => undefined)
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    }
  }
}
