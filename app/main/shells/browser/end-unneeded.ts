import type { LocalClient } from '../../transports/local-client.ts'
import { findManager } from '../manager/find-or-start.ts'

/** What became of the manager when the window's shell ended. */
export interface ManagerFate {
  readonly ended: boolean
  /** Networks that it keeps; null when it did not say in time. */
  readonly networks: number | null
  readonly pid: number
}

const answerLimitMs = 2000

/**
 * Ends the manager when it was started for this shell and has no network: nobody would know that it still runs. One
 * with networks, or one that others started, goes on, because R consoles compute through it.
 */
export async function endUnneeded(
  environment: NodeJS.ProcessEnv,
  client: LocalClient,
  { isOurs }: { readonly isOurs: boolean }
): Promise<ManagerFate> {
  const { pid } = client.manager
  const networks = await countNetworks(client)
  if (!isOurs || networks !== 0) return { ended: false, networks, pid }
  // Windows may not end the manager, consoles may.
  const console = await findManager(environment, { audience: 'cli' }).catch(() => null)
  try {
    if (console?.manager.pid !== pid) return { ended: false, networks, pid }
    await console.call('manager.shutdown', {})
    return { ended: true, networks, pid }
  } catch {
    return { ended: false, networks, pid }
  } finally {
    console?.close()
  }
}

function countNetworks(client: LocalClient): Promise<number | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(resolve, answerLimitMs, null).unref()
  })
  const count = client.call('networks.list', {}).then((all) => all.length, () => null)
  return Promise.race([count, late])
}
