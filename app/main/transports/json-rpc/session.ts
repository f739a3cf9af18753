import { Hello, PROTOCOL_VERSION, Request } from '../../../contract/index.ts'
import type { Audience, ErrorShape, HelloReply, Notification, Response } from '../../../contract/index.ts'
import type { z } from 'zod'
import { describeIssue } from '../describe-issue.ts'
import type { Dispatch } from '../dispatch.ts'
import { pump } from '../pump.ts'
import { refusals } from './refusals.ts'

/** The far end of one connection, as a session needs it. */
export interface Channel {
  /** Sends one message; resolves when the far end is ready for more. */
  send(message: string): Promise<void>
  /** Ends the connection after what was sent. */
  close(): void
}

export interface SessionOptions {
  readonly dispatch: Dispatch
  readonly channel: Channel
  readonly identity: z.infer<typeof HelloReply>
  /** Kinds of client that this transport admits. */
  readonly audiences: readonly Audience[]
}

/** One client's connection: takes its messages, answers them, and carries its streams. */
export interface Session {
  /** Takes one message. Resolves when the session is ready for the next, which bounds the calls at work. */
  receive(message: string): Promise<void>
  /** A message longer than the limit came in: answers so and closes. */
  tooLarge(): void
  /** The connection is gone: cancels the calls' signals and closes the streams. */
  end(): void
}

const maxCalls = 64
const maxStreams = 128

/** The server's side of JSON-RPC 2.0 as contract/wire.ts describes it, whatever carries the messages. */
export function createSession({ dispatch, channel, identity, audiences }: SessionOptions): Session {
  const gone = new AbortController()
  const streams = new Map<string, AbortController>()
  let audience: Audience | null = null
  let calls = 0
  let opened = 0
  let wakeUp: (() => void) | null = null

  const send = async (message: Response | Notification): Promise<void> => {
    if (!gone.signal.aborted) await channel.send(JSON.stringify(message))
  }
  const answer = (id: Response['id'], result: unknown): Promise<void> => send({ jsonrpc: '2.0', id, result })
  const refuse = (id: Response['id'], error: ErrorShape): Promise<void> =>
    send({ jsonrpc: '2.0', id, error: { code: -32000, message: error.message, data: error } })
  const refuseAndClose = (id: Response['id'], error: ErrorShape): void => {
    void refuse(id, error)
    channel.close()
  }

  function hello(request: Request): void {
    const parsed = Hello.safeParse(request.params)
    if (!parsed.success) {
      void refuse(request.id, refusals.badHello(describeIssue('hello', request.params, parsed.error.issues)))
    } else if (parsed.data.protocol !== PROTOCOL_VERSION) {
      refuseAndClose(request.id, refusals.otherProtocol(identity.version, parsed.data.protocol))
    } else if (!audiences.includes(parsed.data.client)) {
      refuseAndClose(request.id, refusals.notServed(parsed.data.client))
    } else {
      audience = parsed.data.client
      void answer(request.id, identity)
    }
  }

  async function carry(
    id: Response['id'],
    subscription: string,
    events: AsyncIterable<unknown>,
    stop: AbortController
  ): Promise<void> {
    await answer(id, { subscription })
    const error = await pump(events, stop.signal, (event) =>
      send({ jsonrpc: '2.0', method: 'stream.event', params: { subscription, event } })
    )
    const closedByClient = !streams.delete(subscription)
    if (!closedByClient) await send({ jsonrpc: '2.0', method: 'stream.end', params: { subscription, error } })
  }

  async function call(request: Request, caller: Audience): Promise<void> {
    const stop = new AbortController()
    const subscription = `s${++opened}`
    const abort = (): void => { stop.abort() }
    gone.signal.addEventListener('abort', abort, { signal: stop.signal })
    const outcome = await dispatch(request.method, request.params, { audience: caller, signal: stop.signal })
    if (outcome.kind === 'stream') {
      if (streams.size >= maxStreams) {
        stop.abort()
        void outcome.events[Symbol.asyncIterator]().return?.()
        return refuse(request.id, refusals.tooManyStreams(maxStreams))
      }
      streams.set(subscription, stop)
      void carry(request.id, subscription, outcome.events, stop)
        .catch(() => undefined)
        .finally(() => {
          stop.abort()
        })
      return
    }
    stop.abort()
    await (outcome.kind === 'value' ? answer(request.id, outcome.value) : refuse(request.id, outcome.error))
  }

  function closeStream(request: Request): void {
    const { subscription } = (request.params ?? {}) as { subscription?: unknown }
    const stop = typeof subscription === 'string' ? streams.get(subscription) : undefined
    // A stream that has just ended by itself is no fault of the caller, so an unknown one is no error.
    if (typeof subscription === 'string') streams.delete(subscription)
    stop?.abort()
    void answer(request.id, {})
  }

  function parse(message: string): Request | null {
    try {
      const parsed = Request.safeParse(JSON.parse(message))
      if (parsed.success) return parsed.data
    } catch {
      /* not JSON at all: the same answer */
    }
    void refuse(null, refusals.malformed)
    return null
  }

  return {
    async receive(message) {
      const request = gone.signal.aborted ? null : parse(message)
      if (!request) return
      if (request.method === 'hello') return hello(request)
      if (!audience) {
        return refuse(request.id, refusals.noHello(request.method))
      }
      if (request.method === 'stream.close') return closeStream(request)
      calls += 1
      void call(request, audience)
        .catch(() => undefined)
        .finally(() => {
          calls -= 1
          wakeUp?.()
        })
      if (calls >= maxCalls)
        await new Promise<void>((resolve) => {
          wakeUp = resolve
        })
    },
    tooLarge() {
      refuseAndClose(null, refusals.tooLarge)
    },
    end() {
      gone.abort()
      wakeUp?.()
    }
  }
}
