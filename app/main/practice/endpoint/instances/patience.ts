import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../../core/ports/index.ts'

/** Fails when the work takes too long; work that is done after that is undone, so that it leaves nothing behind. */
export async function within<Result>(
  work: Promise<Result>,
  limitMs: number,
  undo: () => Promise<void>
): Promise<Result> {
  const settled = new AbortController()
  const limit = sleep(limitMs, undefined, { signal: settled.signal }).then(() => {
    void work.then(undo).catch(() => undefined)
    throw new Error(`it took longer than ${limitMs / 1000} s`)
  })
  limit.catch(() => undefined)
  try {
    return await Promise.race([work, limit])
  } finally {
    settled.abort()
  }
}

/** Ending a machine is tried again: giving up would leave its processes behind. */
export async function insist(work: () => Promise<void>, log: Log): Promise<void> {
  const pauses = [200, 1000, 3000]
  for (const pause of pauses) {
    try {
      return await work()
    } catch (error) {
      log('warn', 'Ending a practice machine failed and is tried again', { why: String(error) })
      await sleep(pause)
    }
  }
  return work()
}
