import { setTimeout as sleep } from 'node:timers/promises'
import { RmadaError } from '../../core/error.ts'
import type { Clock } from '../../core/ports/index.ts'

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    const stop = new AbortController()
    const abort = () => stop.abort()
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      await sleep(ms, undefined, { signal: stop.signal })
    } catch {
      throw new RmadaError('CANCELLED', 'The task was cancelled.', { suggestion: 'Start it again when you want to.' })
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }
}
