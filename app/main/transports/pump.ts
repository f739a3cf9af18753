import type { ErrorShape } from '../../contract/index.ts'
import { toErrorShape } from '../core/error.ts'

/**
 * Carries a stream's events to a caller one by one, waiting for each to be taken (back-pressure). Ends at once when the
 * signal fires, even while the source is silent: an async generator's own `return` would wait for its next event.
 */
export async function pump(
  events: AsyncIterable<unknown>, signal: AbortSignal, send: (event: unknown) => Promise<void>
): Promise<ErrorShape | null> {
  const iterator = events[Symbol.asyncIterator]()
  // One slot, not Promise.race on a promise that lives as long as the stream: that would retain every event.
  let stop: (() => void) | null = null
  const onAbort = (): void => stop?.()
  signal.addEventListener('abort', onAbort)
  const unlessStopped = <T>(work: Promise<T>): Promise<T | 'stopped'> => new Promise((resolve, reject) => {
    stop = () => { resolve('stopped') }
    if (signal.aborted) stop()
    work.then(resolve, reject)
  })
  try {
    for (;;) {
      const next = await unlessStopped(iterator.next())
      if (next === 'stopped' || next.done) return null
      if (await unlessStopped(send(next.value)) === 'stopped') return null
    }
  } catch (error) {
    return toErrorShape(error)
  } finally {
    signal.removeEventListener('abort', onAbort)
    iterator.return?.().catch(() => undefined)
  }
}
