import { BridgeCall, bridgeChannels, BridgeClose, BridgeSubscribe } from '../../contract/index.ts'
import type { BridgeMessage, BridgeReply, ErrorCode, ErrorShape } from '../../contract/index.ts'
import type { z } from 'zod'
import { describeIssue } from './describe-issue.ts'
import type { Dispatch } from './dispatch.ts'
import { pump } from './pump.ts'

/** The window that a message came from, as far as it matters here (Electron's WebContents). */
export interface IpcWindow {
  readonly id: number
  send(channel: string, ...values: unknown[]): void
  isDestroyed(): boolean
  once(event: 'destroyed', listener: () => void): unknown
  /** The window shows another page, or the same anew. */
  on(event: 'did-navigate', listener: () => void): unknown
}

/** Electron's IpcMainInvokeEvent as far as it matters here. */
export interface IpcEvent {
  readonly sender: IpcWindow
}

/** Electron's ipcMain as far as it matters here; this module never imports Electron. */
export interface IpcMainLike<E extends IpcEvent> {
  handle(channel: string, listener: (event: E, message: unknown) => Promise<BridgeReply>): void
  removeHandler(channel: string): void
}

export interface IpcOptions<E extends IpcEvent> {
  readonly dispatch: Dispatch
  /** Whether the message comes from a window and a page of ours. */
  readonly isTrusted: (event: E) => boolean
}

const refusal = (code: ErrorCode, message: string): ErrorShape => ({
  code,
  message,
  suggestion: 'Close the window and open Rmada again.'
})
const ok: BridgeReply = { ok: true, value: {} }

/** Serves the contract to the windows of the Electron shell. A page that goes takes its streams along. */
export function serveIpc<E extends IpcEvent>(
  ipcMain: IpcMainLike<E>,
  { dispatch, isTrusted }: IpcOptions<E>
): { close(): void } {
  const streams = new Map<number, Map<string, AbortController>>()

  function streamsOf(window: IpcWindow): Map<string, AbortController> {
    const found = streams.get(window.id)
    if (found) return found
    const fresh = new Map<string, AbortController>()
    streams.set(window.id, fresh)
    const stopAll = (): void => {
      for (const stop of fresh.values()) stop.abort()
    }
    window.on('did-navigate', stopAll)
    window.once('destroyed', () => {
      stopAll()
      streams.delete(window.id)
    })
    return fresh
  }

  async function call(_window: IpcWindow, { method, input }: BridgeCall): Promise<BridgeReply> {
    const stop = new AbortController()
    const outcome = await dispatch(method, input, { audience: 'gui', signal: stop.signal })
    if (outcome.kind === 'value') return { ok: true, value: outcome.value }
    stop.abort()
    return {
      ok: false,
      error: outcome.kind === 'error' ? outcome.error : refusal('INVALID_INPUT', `${method} is a stream, not a call.`)
    }
  }

  async function carry(window: IpcWindow, { subscription, method, input }: BridgeSubscribe): Promise<void> {
    const open = streamsOf(window)
    const send = (message: BridgeMessage): void => {
      if (!window.isDestroyed()) window.send(bridgeChannels.message, subscription, message)
    }
    const stop = new AbortController()
    open.set(subscription, stop)
    const outcome = await dispatch(method, input, { audience: 'gui', signal: stop.signal })
    let error: ErrorShape | null = refusal('INVALID_INPUT', `${method} is a call, not a stream.`)
    if (outcome.kind === 'error') error = outcome.error
    if (outcome.kind === 'stream') {
      error = await pump(outcome.events, stop.signal, async (event) => {
        send({ kind: 'event', event })
      })
    }
    open.delete(subscription)
    if (!stop.signal.aborted) send({ kind: 'end', error })
  }

  async function subscribe(window: IpcWindow, request: BridgeSubscribe): Promise<BridgeReply> {
    if (streamsOf(window).has(request.subscription)) {
      return { ok: false, error: refusal('INVALID_INPUT', 'The window used the name of an open stream again.') }
    }
    void carry(window, request)
    return ok
  }

  async function close(window: IpcWindow, { subscription }: BridgeClose): Promise<BridgeReply> {
    streamsOf(window).get(subscription)?.abort()
    return ok
  }

  function serve<S extends z.ZodType>(
    channel: string,
    schema: S,
    answer: (window: IpcWindow, message: z.output<S>) => Promise<BridgeReply>
  ): void {
    ipcMain.handle(channel, async (event, message) => {
      if (!isTrusted(event))
        return { ok: false, error: refusal('NOT_AUTHORIZED', 'The message does not come from a window of Rmada.') }
      const parsed = schema.safeParse(message)
      if (parsed.success) return answer(event.sender, parsed.data)
      return { ok: false, error: refusal('MALFORMED_MESSAGE', describeIssue(channel, message, parsed.error.issues)) }
    })
  }

  serve(bridgeChannels.call, BridgeCall, call)
  serve(bridgeChannels.subscribe, BridgeSubscribe, subscribe)
  serve(bridgeChannels.close, BridgeClose, close)
  return {
    close() {
      for (const channel of [bridgeChannels.call, bridgeChannels.subscribe, bridgeChannels.close])
        ipcMain.removeHandler(channel)
      for (const open of streams.values()) for (const stop of open.values()) stop.abort()
    }
  }
}
