import type { Cancellation } from '../../core/cancellation.ts'
import { RmadaError } from '../../core/error.ts'
import type { EvaluatedText, EvaluatorAddress, EvaluatorClient } from '../../core/ports/index.ts'
import { DeniedError, openEvaluator } from './connection.ts'
import type { EvaluatorConnection } from './connection.ts'
import { unpackFields } from './frames.ts'
import type { Frame } from './frames.ts'

const again = 'Look at the status of the network; a reboot starts the remote session anew.'
const connectMs = 15_000
/** How long an interrupted statement may take to end before the connection is given up. */
const interruptMs = 5_000
const retryMs = 100

/** The evaluator of a network over its wire, for callers that want text. */
export const evaluatorClient: EvaluatorClient = { ping, evaluate }

async function ping(address: EvaluatorAddress, timeoutMs: number): Promise<void> {
  const limit = AbortSignal.timeout(timeoutMs)
  // A fresh session takes a moment, and so does a forward whose far end is not up yet.
  for (;;) {
    try {
      if (await isReady(address, limit)) return
    } catch (error) {
      if (error instanceof DeniedError || limit.aborted) throw unreachable(error)
    }
    if (limit.aborted) throw unreachable(new Error('its session does not start'))
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

async function isReady(address: EvaluatorAddress, limit: AbortSignal): Promise<boolean> {
  const connection = await openEvaluator(address, limit)
  limit.addEventListener('abort', connection.close)
  try {
    connection.send('ping', 1)
    for (;;) {
      const frame = await connection.next()
      if (frame.type === 'pong') return ['idle', 'busy'].includes(frame.payload.toString('latin1'))
    }
  } finally {
    limit.removeEventListener('abort', connection.close)
    connection.close()
  }
}

async function evaluate(
  address: EvaluatorAddress, expression: string, options: { timeoutMs?: number; signal?: Cancellation }
): Promise<EvaluatedText> {
  if (options.signal?.aborted) throw cancelled()
  const connection = await openEvaluator(address, AbortSignal.timeout(connectMs))
    .catch((error: unknown) => { throw unreachable(error) })
  const limits = stopOn(options, (reason) => {
    connection.send('interrupt', 1)
    // A session that does not heed the interrupt must not hold the caller.
    const give = setTimeout(() => connection.close(), interruptMs)
    limits.onEnd(() => clearTimeout(give))
    limits.reason = reason
  })
  try {
    connection.send('hello', 0, Buffer.from('the window or the command line of Rmada'))
    connection.send('evalText', 1, Buffer.from(expression))
    const answer = await answerOf(connection)
    // R itself does not heed an interrupt that ends a command of system(): the statement is over all the same.
    if (limits.reason) throw limits.reason
    return answer
  } catch (error) {
    if (limits.reason) throw limits.reason
    throw error instanceof RmadaError ? error : unreachable(error)
  } finally {
    limits.end()
    connection.close()
  }
}

async function answerOf(connection: EvaluatorConnection): Promise<EvaluatedText> {
  const output: Buffer[] = []
  for (;;) {
    const frame = await connection.next()
    if (frame.type === 'stdout' || frame.type === 'stderr') output.push(frame.payload)
    if (frame.type === 'error') throw remoteError(frame, Buffer.concat(output).toString('utf8'))
    if (frame.type !== 'text') continue
    const [value = '', visible] = unpackFields(frame.payload)
    return { output: Buffer.concat(output).toString('utf8'), value, visible: visible === '1' }
  }
}

const ofTheSession: Readonly<Record<string, string>> = {
  rmada_session_held: 'Close that client first: ppe.closeClient() in its console.',
  rmada_session_busy: 'Wait until it has ended, or reboot the network.',
  rmada_session_ended: 'Evaluate again: a fresh session starts by itself.',
  rmada_protocol_error: again
}

function remoteError(frame: Frame, output: string): RmadaError {
  const [message = '', classes = '', call = '', trace = ''] = unpackFields(frame.payload)
  const suggestion = ofTheSession[classes.split('\n')[0] ?? '']
  if (suggestion !== undefined) return new RmadaError('EVALUATOR_UNREACHABLE', message, { suggestion })
  return new RmadaError('EVALUATION_FAILED', call === '' ? `Error: ${message}` : `Error in ${call} : ${message}`, {
    suggestion: 'Correct the statement; the session and its objects are as they were.',
    details: {
      class: classes.replaceAll('\n', ' '),
      ...(trace === '' ? {} : { traceback: trace }),
      ...(output === '' ? {} : { output })
    }
  })
}

function unreachable(cause: unknown): RmadaError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `The remote evaluator does not answer: ${why}`
  return new RmadaError('EVALUATOR_UNREACHABLE', message, { suggestion: again, cause })
}

interface Limits {
  reason: RmadaError | null
  onEnd(action: () => void): void
  end(): void
}

/** Calls `interrupt` once, when the time is over or the caller cancels. */
function stopOn(
  options: { timeoutMs?: number; signal?: Cancellation }, interrupt: (reason: RmadaError) => void
): Limits {
  const { timeoutMs, signal } = options
  const actions: (() => void)[] = []
  const limits: Limits = {
    reason: null,
    onEnd: (action) => { actions.push(action) },
    end: () => { for (const action of actions) action() }
  }
  const once = (reason: RmadaError): void => { if (!limits.reason) interrupt(reason) }
  if (timeoutMs !== undefined) {
    const timer = setTimeout(() => once(new RmadaError('TIMEOUT',
      `The statement took longer than ${timeoutMs / 1000} seconds and was interrupted.`,
      { suggestion: 'Allow it more time, or evaluate it from R, where it may take as long as it needs.' })), timeoutMs)
    limits.onEnd(() => clearTimeout(timer))
  }
  if (signal) {
    const stop = (): void => once(cancelled())
    signal.addEventListener('abort', stop, { once: true })
    limits.onEnd(() => signal.removeEventListener('abort', stop))
  }
  return limits
}

function cancelled(): RmadaError {
  return new RmadaError('CANCELLED', 'The evaluation was cancelled and interrupted.',
    { suggestion: 'Nothing more is done; the session goes on.' })
}
