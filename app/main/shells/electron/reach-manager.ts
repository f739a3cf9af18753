import { RmadaError } from '../../core/error.ts'

/** A manager process that this app started. */
export interface ManagerProcess {
  readonly exited: Promise<void>
  kill(): void
}

interface ReachOptions<Client> {
  /** Connects to the manager that lives; null while none does. Rejects when there is one it cannot talk to. */
  readonly find: () => Promise<Client | null>
  readonly start: () => ManagerProcess
  readonly sleep?: (ms: number) => Promise<void>
  readonly limitMs?: number
}

const pauseMs = 60
const defaultLimitMs = 20_000

/**
 * Connects to the user's manager, and starts one when none answers. Two apps that start at once both get the one that
 * won: the other's manager sees the lock taken and ends, which is no failure here.
 */
export async function reachManager<Client>(
  { find, start, sleep = wait, limitMs = defaultLimitMs }: ReachOptions<Client>
): Promise<{ client: Client; started: ManagerProcess | null }> {
  const living = await find()
  if (living !== null) return { client: living, started: null }

  const process = start()
  let ended = false
  void process.exited.then(() => { ended = true })
  for (let waited = 0; waited < limitMs; waited += pauseMs) {
    const endedBefore = ended
    const client = await find()
    if (client !== null) return { client, started: ended ? null : process }
    if (endedBefore && waited > graceMs) break
    await sleep(pauseMs)
  }
  process.kill()
  throw new RmadaError('MANAGER_UNREACHABLE', ended
    ? 'The part of Rmada that works with the cloud ended right after its start.'
    : `The part of Rmada that works with the cloud did not answer within ${limitMs / 1000} seconds.`, {
    suggestion: 'Close Rmada and open it again; if that does not help, look at rmada.log in its data folder.'
  })
}

/** A manager that lost the lock may end before the winner listens; so long the winner has. */
const graceMs = 3000

function wait(ms: number): Promise<void> {
  return new Promise(resolve => { setTimeout(resolve, ms) })
}
