import type { App } from 'electron'
import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { browserContext, closeBrowser } from './chromium.ts'
import { openWindows } from './open-windows.ts'
import { preventable } from './web-contents.ts'

type Kept = Pick<App, 'getAppPath' | 'getVersion' | 'setPath' | 'getPath' | 'isPackaged' | 'quit' | 'whenReady'
  | 'requestSingleInstanceLock'>

class StandInApp extends EventEmitter implements Kept {
  readonly isPackaged = true
  readonly #paths = new Map<string, string>()
  #quitting = false

  getAppPath(): string { return process.cwd() }
  getVersion(): string { return (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version }
  setPath(name: string, path: string): void { this.#paths.set(name, path) }
  getPath(name: string): string {
    const path = this.#paths.get(name)
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    return path
  }

  async whenReady(): Promise<void> {
    await browserContext()
    this.emit('ready', {})
  }

  /** One per userData folder, as in Electron. The first hears of the others by files left beside the lock. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData')
    mkdirSync(folder, { recursive: true })
    const lock = join(folder, 'SingletonLock')
    if (existsSync(lock) && isAlive(Number(readFileSync(lock, 'utf8')))) {
      writeFileSync(join(folder, `second-${process.pid}.json`), JSON.stringify(process.argv))
      return false
    }
    writeFileSync(lock, String(process.pid))
    const watcher = watch(folder, () => {
      for (const name of readdirSync(folder).filter(entry => /^second-\d+\.json$/.test(entry))) {
        rmSync(join(folder, name), { force: true })
        this.emit('second-instance', {}, [], folder)
      }
    })
    watcher.unref()
    process.once('exit', () => rmSync(lock, { force: true }))
    return true
  }

  lastWindowClosed(): void {
    if (this.#quitting) return this.#finish()
    if (this.listenerCount('window-all-closed') === 0) return this.quit()
    this.emit('window-all-closed')
  }

  quit(): void {
    const before = preventable({})
    this.emit('before-quit', before.event)
    if (before.prevented()) return
    this.#quitting = true
    const windows = [...openWindows]
    for (const window of windows) window.close()
    if (windows.length === 0) this.#finish()
  }

  #finish(): void {
    const will = preventable({})
    this.emit('will-quit', will.event)
    if (!will.prevented()) this.exit(0)
  }

  exit(code = 0): void { void closeBrowser().finally(() => process.exit(code)) }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

export const app = new StandInApp()
