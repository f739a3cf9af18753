import type { WebContents as ElectronWebContents, WindowOpenHandlerResponse } from 'electron'
import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { CDPSession, Page } from 'playwright'
import { toChromium, toElectron } from './addresses.ts'
import { createCloneText } from './clone-text.ts'
import { invoke } from './ipc-main.ts'
import { answerRequest, contentsOf } from './traffic.ts'
import { worldScripts } from './worlds.ts'

type OpenHandler = Parameters<ElectronWebContents['setWindowOpenHandler']>[0]
type Kept = Pick<ElectronWebContents, 'id' | 'send' | 'isDestroyed' | 'setWindowOpenHandler' | 'getURL'>

const text = createCloneText()
const world = 'Electron Isolated Context'

/** An event of Electron that a listener can forbid. */
export function preventable(details: object): { event: object; prevented: () => boolean } {
  let prevented = false
  const event = { ...details, preventDefault: () => { prevented = true }, get defaultPrevented() { return prevented } }
  return { event, prevented: () => prevented }
}

/** A page of real Chromium, with the preload in an isolated world and IPC by structured clone. */
export class WebContents extends EventEmitter implements Kept {
  readonly id: number
  readonly page: Page
  /** The address that the app itself is loading: no navigation of the page's. */
  expected: string | null = null
  readonly #session: CDPSession
  readonly #binding = `standin_${randomBytes(8).toString('hex')}`
  #openHandler: OpenHandler = () => ({ action: 'allow' })
  #isolatedContext: number | null = null

  private constructor(id: number, page: Page, session: CDPSession) {
    super()
    this.id = id
    this.page = page
    this.#session = session
    contentsOf.set(page, this)
  }

  static async create(id: number, page: Page, preload: string | undefined): Promise<WebContents> {
    const session = await page.context().newCDPSession(page)
    const contents = new WebContents(id, page, session)
    await contents.#watch(preload)
    return contents
  }

  async #watch(preload: string | undefined): Promise<void> {
    const session = this.#session
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === this.#binding) void this.#answer(payload, executionContextId)
    })
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === world) this.#isolatedContext = context.id
    })
    session.on('Page.windowOpen', ({ url }) => {
      const answer: WindowOpenHandlerResponse = this.#openHandler({
        url: toElectron(url), frameName: '', features: '', disposition: 'foreground-tab',
        referrer: { url: '', policy: 'default' }
      })
      if (answer.action === 'allow') throw new Error('The stand-in opens no windows for pages.')
    })
    this.page.on('framenavigated', frame => { if (frame.parentFrame() === null) this.emit('did-navigate', {}) })
    this.page.on('close', () => this.emit('destroyed'))
    await this.page.route('**/*', answerRequest)
    await session.send('Page.enable')
    if (preload === undefined) return
    const channel = `standin-${randomBytes(8).toString('hex')}`
    const scripts = worldScripts(channel, this.#binding, readFileSync(preload, 'utf8'))
    await session.send('Runtime.enable')
    await session.send('Runtime.addBinding', { name: this.#binding, executionContextName: world })
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.main })
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.isolated, worldName: world })
  }

  async #answer(payload: string, contextId: number): Promise<void> {
    const { call, name, values } = text.decode(payload) as { call: number; name: string; values: unknown[] }
    const frame = { url: this.getURL(), parent: null }
    const outcome = await invoke(name, { sender: this, senderFrame: frame }, values)
    await this.#receive({ reply: call, ...outcome }, contextId)
  }

  async #receive(message: object, contextId: number): Promise<void> {
    const argument = JSON.stringify(text.encode(message))
    const expression = `globalThis[${JSON.stringify(`${this.#binding}:receive`)}](${argument})`
    // A page that went away meanwhile gets no answer, as in Electron.
    await this.#session.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined)
  }

  send(channel: string, ...values: unknown[]): void {
    if (this.#isolatedContext !== null) void this.#receive({ event: channel, values }, this.#isolatedContext)
  }

  /** Emits an event that can be forbidden, and says whether it was. */
  prevents(name: string, details: object): boolean {
    const { event, prevented } = preventable(details)
    this.emit(name, event)
    return prevented()
  }

  getURL(): string { return toElectron(this.page.url()) }
  isDestroyed(): boolean { return this.page.isClosed() }
  setWindowOpenHandler(handler: OpenHandler): void { this.#openHandler = handler }

  async load(address: string): Promise<void> {
    this.expected = address
    await this.page.goto(toChromium(address), { waitUntil: 'domcontentloaded' })
    this.expected = null
  }
}
