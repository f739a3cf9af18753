import { PROTOCOL_VERSION, procedures } from '../../contract/index.ts'
import type { ErrorShape, Method } from '../../contract/index.ts'
import { ClientError, toClientError } from './client-error.ts'
import { observable } from './connection.ts'
import type { Connection, ConnectionState } from './connection.ts'
import { parseOutput } from './parse-output.ts'
import { openSession } from './rpc-session.ts'
import type { Job, RpcSession } from './rpc-session.ts'

interface OpenStream {
  readonly method: Method
  readonly params: unknown
  readonly onEvent: (event: unknown) => void
  readonly onEnd: (error: ErrorShape | null) => void
  /** The manager's name for it, on the present session. */
  remote: string | null
}

const unreachable = (): ClientError =>
  new ClientError({
    code: 'MANAGER_UNREACHABLE',
    message: 'The connection to the Rmada manager was lost before it answered.',
    suggestion:
      'Wait until the window is connected again, look at what the network is doing, then repeat it if need be.'
  })

const isQuery = (job: Job): boolean => job.method in procedures && procedures[job.method as Method].kind === 'query'

/** Doubles from a quarter second to five, with a little chance so that several windows do not knock together. */
export function backoff(attempt: number, chance: () => number = Math.random): number {
  return Math.min(5000, 250 * 2 ** Math.max(0, attempt - 1)) * (0.75 + chance() / 2)
}

/**
 * The way to the manager through a WebSocket. It reconnects for ever, and opens the streams again; queries wait for
 * the connection and are asked again. A command is never repeated by itself, because nobody would know whether the
 * first one was obeyed.
 */
export function createSocketConnection(options: {
  readonly url: string
  readonly version: string
  readonly wait?: (attempt: number) => number
}): Connection & { close(): void } {
  const wait = options.wait ?? backoff
  const state = observable<ConnectionState>({ kind: 'connecting' })
  const streams = new Set<OpenStream>()
  let waiting: Job[] = []
  let session: RpcSession | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let closed = false

  // By callback and not by promise: the first event may come right behind the reply, before a promise would tell of it.
  const openStream = (stream: OpenStream, on: RpcSession): void => {
    const failed = (error: ClientError): void => {
      // A lost connection ends nothing: the stream is opened again with the next one.
      if (error.shape.code !== 'MANAGER_UNREACHABLE' && streams.delete(stream)) stream.onEnd(error.shape)
    }
    const opened = (reply: unknown): void => {
      const remote = (reply as { subscription?: unknown } | null)?.subscription
      if (typeof remote !== 'string')
        failed(toClientError(new Error(`${stream.method} was answered without a subscription`)))
      else if (streams.has(stream)) stream.remote = remote
      else closeStream(remote, on)
    }
    on.send({ method: stream.method, params: stream.params, resolve: opened, reject: failed })
  }

  const closeStream = (subscription: string, on: RpcSession): void => {
    on.request('stream.close', { subscription }).catch(() => undefined) // It ends with the connection anyway.
  }

  const give = (error: ErrorShape): void => {
    closed = true
    const jobs = waiting
    waiting = []
    for (const job of jobs) job.reject(new ClientError(error))
  }

  const welcome = async (opened: RpcSession): Promise<void> => {
    try {
      await opened.request('hello', { protocol: PROTOCOL_VERSION, client: 'gui', version: options.version })
    } catch (thrown) {
      const { shape } = toClientError(thrown)
      if (shape.code === 'MANAGER_UNREACHABLE') return // Closed meanwhile: `lost` tries again.
      give(shape)
      state.set({ kind: 'refused', error: shape })
      opened.close()
      return
    }
    attempt = 0
    const queued = waiting
    waiting = []
    for (const job of queued) opened.send(job)
    for (const stream of streams) openStream(stream, opened)
    state.set({ kind: 'open' })
  }

  const lost = (unanswered: readonly Job[]): void => {
    session = null
    for (const stream of streams) stream.remote = null
    const interrupted = [...unanswered, ...waiting]
    waiting = closed ? [] : interrupted.filter(isQuery)
    for (const job of interrupted) if (closed || !isQuery(job)) job.reject(unreachable())
    if (closed) return
    attempt += 1
    state.set({ kind: 'reconnecting', attempt })
    timer = setTimeout(connect, wait(attempt))
  }

  const byRemote = (subscription: string): OpenStream | undefined =>
    [...streams].find((stream) => stream.remote === subscription)

  const connect = (): void => {
    clearTimeout(timer)
    const opened: RpcSession = openSession(options.url, {
      onOpen: () => {
        void welcome(opened)
      },
      onStreamEvent: (subscription, event) => {
        byRemote(subscription)?.onEvent(event)
      },
      onStreamEnd: (subscription, error) => {
        const stream = byRemote(subscription)
        if (stream !== undefined && streams.delete(stream)) stream.onEnd(error)
      },
      onClose: lost
    })
    session = opened
  }

  connect()

  return {
    state: state.get,
    onState: state.on,
    retryNow: () => {
      if (session === null && !closed) connect()
    },
    close: () => {
      clearTimeout(timer)
      give(unreachable().shape)
      session?.close()
    },
    client: {
      async call(method, input) {
        const known = state.get()
        if (known.kind === 'refused') throw new ClientError(known.error)
        if (closed || (known.kind === 'reconnecting' && procedures[method].kind === 'command')) throw unreachable()
        const result = await new Promise<unknown>((resolve, reject) => {
          const job = { method, params: input, resolve, reject }
          if (known.kind === 'open' && session !== null) session.send(job)
          else waiting.push(job)
        })
        return parseOutput(method, result)
      },
      subscribe(method, input, onEvent, onEnd) {
        const stream: OpenStream = {
          method,
          params: input,
          remote: null,
          onEnd,
          onEvent: (event) => {
            try {
              onEvent(parseOutput(method, event))
            } catch (thrown) {
              if (streams.delete(stream)) onEnd(toClientError(thrown).shape)
            }
          }
        }
        streams.add(stream)
        if (state.get().kind === 'open' && session !== null) openStream(stream, session)
        return {
          close() {
            streams.delete(stream)
            if (stream.remote !== null && session !== null) closeStream(stream.remote, session)
          }
        }
      }
    }
  }
}
