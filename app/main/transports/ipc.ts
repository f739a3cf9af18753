import type { Audience, ErrorShape } from '../../contract/index.ts'
import { toErrorShape } from '../core/error.ts'
import type { Dispatch } from './dispatch.ts'
import { pump } from './pump.ts'

/** The window that a message came from, as far as it matters here (Electron's WebContents). */
export interface IpcWindow {
  readonly id: number
  send(channel: string, message: unknown): void
  isDestroyed(): boolean
  once(event: 'destroyed', listener: () => void): unknown
}

/** Electron's IpcMainInvokeEvent as far as it matters here. */
export interface IpcEvent { readonly sender: IpcWindow }

/** Electron's ipcMain as far as it matters here. */
export interface IpcMainLike<E extends IpcEvent> {
  handle(channel: string, listener: (event: E, ...values: unknown[]) => Promise<unknown>): void
  removeHandler(channel: string): void
}

/** What an invoke resolves with: errors travel as data, for Electron would turn them into text. */
export type IpcReply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorShape }

/** Channels between preload and main; nothing else is served. Events go out on `event` as StreamMessage. */
export const ipcChannels = { call: 'rmada:call', subscribe: 'rmada:subscribe', close: 'rmada:close', event: 'rmada:event' } as const

/** One event, or the end, of the stream that the window opened under this name. */
export type StreamMessage =
  | { readonly subscription: string; readonly kind: 'event'; readonly event: unknown }
  | { readonly subscription: string; readonly kind: 'end'; readonly error: ErrorShape | null }

export interface IpcOptions<E extends IpcEvent> {
  readonly dispatch: Dispatch
  /** Whether the message comes from a window and page of ours. */
  readonly isTrusted: (event: E) => boolean
  readonly audience?: Audience
}

const refused: IpcReply = {
  ok: false,
  error: { code: 'NOT_AUTHORIZED', message: 'The message does not come from a window of Rmada.', suggestion: 'Close the window.' }
}

/**
 * Serves the contract to windows: `call(method, input)`, `subscribe(name, method, input)` where the window chooses the
 * name, `close(name)`. A window that goes takes its streams along.
 */
export function serveIpc<E extends IpcEvent>(ipcMain: IpcMainLike<E>, { dispatch, isTrusted, audience = 'gui' }: IpcOptions<E>): { close(): void } {
  const streams = new Map<number, Map<string, AbortController>>()

  function streamsOf(window: IpcWindow): Map<string, AbortController> {
    const found = streams.get(window.id)
    if (found) return found
    const fresh = new Map<string, AbortController>()
    streams.set(window.id, fresh)
    window.once('destroyed', () => {
      for (const stop of fresh.values()) stop.abort()
      streams.delete(window.id)
    })
    return fresh
  }

  async function carry(window: IpcWindow, subscription: string, events: AsyncIterable<unknown>, stop: AbortController): Promise<void> {
    const send = (message: StreamMessage): void => { if (!window.isDestroyed()) window.send(ipcChannels.event, message) }
    const error = await pump(events, stop.signal, (event) => {
      send({ subscription, kind: 'event', event })
      return Promise.resolve()
    })
    streamsOf(window).delete(subscription)
    if (!stop.signal.aborted) send({ subscription, kind: 'end', error })
  }

  async function call(method: unknown, input: unknown): Promise<IpcReply> {
    const stop = new AbortController()
    const outcome = await dispatch(String(method), input, { audience, signal: stop.signal })
    if (outcome.kind === 'value') return { ok: true, value: outcome.value }
    if (outcome.kind === 'error') return { ok: false, error: outcome.error }
    stop.abort()
    return { ok: false, error: toErrorShape(new Error(`${String(method)} is a stream and must be subscribed to`)) }
  }

  async function subscribe(window: IpcWindow, name: unknown, method: unknown, input: unknown): Promise<IpcReply> {
    const subscription = String(name)
    const open = streamsOf(window)
    if (open.has(subscription)) return { ok: false, error: toErrorShape(new Error('the window used the name of a stream twice')) }
    const stop = new AbortController()
    open.set(subscription, stop)
    const outcome = await dispatch(String(method), input, { audience, signal: stop.signal })
    if (outcome.kind === 'stream') {
      void carry(window, subscription, outcome.events, stop)
      return { ok: true, value: {} }
    }
    open.delete(subscription)
    return { ok: false, error: outcome.kind === 'error' ? outcome.error : toErrorShape(new Error(`${String(method)} is no stream`)) }
  }

  function close(window: IpcWindow, name: unknown): IpcReply {
    streamsOf(window).get(String(name))?.abort()
    return { ok: true, value: {} }
  }

  const guarded = (serve: (event: E, ...values: unknown[]) => IpcReply | Promise<IpcReply>) =>
    async (event: E, ...values: unknown[]): Promise<IpcReply> => isTrusted(event) ? serve(event, ...values) : refused
  ipcMain.handle(ipcChannels.call, guarded((_event, method, input) => call(method, input)))
  ipcMain.handle(ipcChannels.subscribe, guarded((event, name, method, input) => subscribe(event.sender, name, method, input)))
  ipcMain.handle(ipcChannels.close, guarded((event, name) => close(event.sender, name)))

  return {
    close() {
      for (const channel of [ipcChannels.call, ipcChannels.subscribe, ipcChannels.close]) ipcMain.removeHandler(channel)
      for (const open of streams.values()) for (const stop of open.values()) stop.abort()
    }
  }
}
