import { RmadaError } from '../../core/error.ts'
import type { Decision } from '../../core/lifecycle.ts'
import type { Resource } from '../../core/resources.ts'
import { limits } from '../limits.ts'
import { patiently } from './patiently.ts'
import type { Work } from './work.ts'
import { changeRecord, recordIn } from './work.ts'

/**
 * Puts a choice on disk before anything follows from it. Another rental gets a token of its own: with the old one the
 * cloud would answer with the instances of before, or refuse the changed request.
 */
export async function writeChoice(work: Work, decision: Decision): Promise<void> {
  const { spec, hostKeys, givenUp = [], clientToken } = recordIn(work)
  if (work.adding) work.adding.count = decision.later ?? 0
  const gone = new Set([...givenUp, ...decision.givenUp])
  await changeRecord(work, {
    spec: {
      ...spec, instances: decision.nodes,
      ...(decision.zone === null ? {} : { zone: decision.zone }),
      ...(decision.onDemand ? { spot: 'none' as const } : {})
    },
    givenUp: [...gone],
    hostKeys: Object.fromEntries(Object.entries(hostKeys).filter(([id]) => !gone.has(id))),
    clientToken: decision.rental ? `rmada-${work.networkId}-${work.ports.randomHex(4)}` : clientToken,
    ...(decision.rental ? { rental: decision.rental } : {})
  })
}

/** Terminates single nodes and waits until they are gone: until then they count against the account's limits. */
export async function dropNodes(work: Work, resources: readonly Resource[]): Promise<void> {
  const ids = resources.map(one => one.id)
  work.progress.update(0, `Giving back ${ids.join(', ')}.`)
  for (const id of ids) await work.connections.drop(work.networkId, id)
  await patiently(work, () => work.watch.region.cloud.terminateInstances(ids))
  await work.watch.wait(work.networkId, {
    timeoutMs: limits.terminateMs,
    signal: work.signal,
    until: seen => seen.some(one => ids.includes(one.id) && one.state !== 'terminated') ? null : true,
    timedOut: () => new RmadaError('TIMEOUT',
      `${ids.join(', ')} did not terminate within ${limits.terminateMs / 60_000} minutes.`, {
      suggestion: 'Wait again, or terminate the network.', details: { instances: ids.join(' ') }
    })
  })
}
