import { setTimeout as sleep } from 'node:timers/promises'
import { RmadaError } from '../../app/main/core/error.ts'
import type { Clock } from '../../app/main/core/ports/index.ts'

/** Time that passes faster for everything that waits by the manager's clock. */
export function fastClock(speed: number): Clock {
  const began = Date.now()
  return {
    now: () => new Date(began + (Date.now() - began) * speed),
    async sleep(ms, signal) {
      const abort = new AbortController()
      const stop = (): void => abort.abort()
      if (signal?.aborted) stop()
      signal?.addEventListener('abort', stop, { once: true })
      try {
        await sleep(ms / speed, undefined, { signal: abort.signal })
      } catch {
        throw new RmadaError('CANCELLED', 'Cancelled.', { suggestion: '' })
      } finally {
        signal?.removeEventListener('abort', stop)
      }
    }
  }
}
