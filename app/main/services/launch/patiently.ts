import { RmadaError } from '../../core/error.ts'
import { limits } from '../limits.ts'
import { isHalting } from '../tasks/tasks.ts'
import type { Work } from './work.ts'

/** Errors after which nobody knows whether the call took place, and that pass by themselves. */
const passing = new Set(['ENDPOINT_UNREACHABLE', 'CLOUD_THROTTLED'])

/**
 * Repeats a call to the cloud that got no answer, within a bound: it has to be one that does the same when it is done
 * twice. A cancelled task goes on with it, because an unknown outcome is worse than a late one; the manager's end stops
 * it.
 */
export async function patiently<T>(work: Work, call: () => Promise<T>): Promise<T> {
  const { clock } = work.ports
  const deadline = clock.now().getTime() + limits.unansweredMs
  for (let tries = 1; ; tries += 1) {
    try {
      return await call()
    } catch (error) {
      const mayPass = error instanceof RmadaError && passing.has(error.code)
      const over = tries >= limits.unansweredTries && clock.now().getTime() > deadline
      if (!mayPass || isHalting(work.signal) || over) throw error
      work.ports.log('warn', `Asking ${work.watch.region.id} again: ${error.message}`)
    }
    await clock.sleep(work.watch.pace(limits.activePollMs))
  }
}
