import type { BrowserWindow as ElectronBrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron'
import { EventEmitter } from 'node:events'
import { app } from './app.ts'
import { browserContext } from './chromium.ts'
import { openWindows } from './open-windows.ts'
import { opening } from './traffic.ts'
import { WebContents, preventable } from './web-contents.ts'
import { applyPermissions } from './session.ts'

type Kept = Pick<ElectronBrowserWindow,
  'show' | 'focus' | 'restore' | 'maximize' | 'isMinimized' | 'isMaximized' | 'isVisible' | 'getNormalBounds' | 'close'
  | 'loadURL' | 'isDestroyed'>

/** What a page reads of its window before it is there: the app uses no more of webContents that early. */
interface EarlyContents { readonly id: number }

const open: BrowserWindow[] = []
let lastId = 0

/** A window of the app: a page of real Chromium, and a record of what the window system would show. */
export class BrowserWindow extends EventEmitter implements Kept {
  readonly id = ++lastId
  readonly options: BrowserWindowConstructorOptions
  readonly ready: Promise<WebContents>
  contents: WebContents | null = null
  focusCount = 0
  minimized = false
  #visible = false
  #maximized = false
  #destroyed = false
  readonly #bounds: Rectangle

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    this.options = options
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 }
    open.push(this)
    openWindows.push(this)
    this.ready = this.#create()
    this.ready.catch((error: unknown) => { if (!this.#destroyed) throw error })
  }

  async #create(): Promise<WebContents> {
    const context = await browserContext()
    opening.count++
    const page = await context.newPage()
    opening.count--
    await page.setViewportSize({ width: this.#bounds.width, height: this.#bounds.height })
    this.contents = await WebContents.create(this.id, page, this.options.webPreferences?.preload)
    await applyPermissions(context, page)
    app.emit('web-contents-created', {}, this.contents)
    return this.contents
  }

  static getAllWindows(): BrowserWindow[] { return [...open] }

  get webContents(): EarlyContents { return this.contents ?? { id: this.id } }

  async loadURL(address: string): Promise<void> {
    const contents = await this.ready
    await contents.load(address)
    this.emit('ready-to-show')
  }

  show(): void { this.#visible = true }
  focus(): void { this.focusCount++; void this.contents?.page.bringToFront() }
  restore(): void { this.minimized = false }
  maximize(): void { this.#maximized = true }
  isMinimized(): boolean { return this.minimized }
  isMaximized(): boolean { return this.#maximized }
  isVisible(): boolean { return this.#visible }
  isDestroyed(): boolean { return this.#destroyed }
  getNormalBounds(): Rectangle { return { ...this.#bounds } }

  close(): void {
    const { event, prevented } = preventable({})
    this.emit('close', event)
    if (!prevented()) void this.#destroy()
  }

  async #destroy(): Promise<void> {
    this.#destroyed = true
    open.splice(open.indexOf(this), 1)
    openWindows.splice(openWindows.indexOf(this), 1)
    await this.contents?.page.close()
    this.emit('closed')
    if (open.length === 0) app.lastWindowClosed()
  }
}
