import { RmadaError } from '../../core/error.ts'
import type { JournalEntry, NetworkRecord } from '../../core/ports/index.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import { limits } from '../limits.ts'
import { findResources } from '../launch/find.ts'
import type { Workshop } from '../launch/work.ts'
import type { Regions } from '../regions/regions.ts'

/** What an interrupted launch or removal is shown with. */
const interrupted = {
  launch: 'The launch was interrupted, because Rmada ended while it was at work: repair or terminate the network.',
  terminate: 'Terminating was interrupted, because Rmada ended while it was at work: terminate the network again.'
}

/**
 * Finds every network that an earlier run launched, whenever it ended: by the records, by the journal where a record was
 * lost, and by tag in all their regions. Nothing is rented, changed or removed here.
 */
export async function reconcile(workshop: Workshop, regions: Regions): Promise<void> {
  const { ports, fleet } = workshop
  const [records, entries] = await Promise.all([ports.records.all(), ports.journal.entries()])
  for (const record of records) {
    if (record.access) regions.restore(record.spec.region, record.access)
    const terminating = record.terminating
      || entries.some(one => one.networkId === record.id && one.kind === 'terminate')
    await fleet.add(withInterruption({ ...record, terminating }))
  }
  const lost = lostNetworks(entries, records)
  const regionIds = [...new Set([...records.map(record => record.spec.region), ...lost.map(one => one.region)])]
  await Promise.all(regionIds.map(region => lookAt(workshop, region)))
  await Promise.all(lost.map(one => settleLost(workshop, one)))
}

/** Nobody is at work on it now, so what had not ended was interrupted. */
function withInterruption(record: NetworkRecord): NetworkRecord {
  if (record.failure !== null) return record
  if (record.terminating) return { ...record, failure: interrupted.terminate }
  return record.configured ? record : { ...record, failure: interrupted.launch }
}

interface Lost { readonly id: string; readonly region: string }

/** Networks of the journal without a record: its file was never written, or is damaged. */
function lostNetworks(entries: readonly JournalEntry[], records: readonly NetworkRecord[]): readonly Lost[] {
  const lost = new Map<string, Lost>()
  for (const entry of entries) {
    if (records.some(record => record.id === entry.networkId)) continue
    if (entry.kind === 'network') lost.set(entry.networkId, { id: entry.networkId, region: entry.token })
  }
  return [...lost.values()].filter(one => one.region !== '')
}

/** One look at a region; one that does not answer is shown with the reason and looked at again by the timer. */
async function lookAt(workshop: Workshop, region: string): Promise<void> {
  const { ports, fleet } = workshop
  try {
    const limit = new AbortController()
    const looked = fleet.attend(region).then(watch => watch.look())
    const late = ports.clock.sleep(limits.firstLookMs, limit.signal).then(() => {
      throw new RmadaError('TIMEOUT', `The region does not answer: ${region}`, {
        suggestion: 'It is asked again from time to time.'
      })
    }, () => {})
    await Promise.race([looked, late]).finally(() => limit.abort())
  } catch (error) {
    if (!(error instanceof RmadaError)) throw error
    ports.log('warn', `Networks in ${region} cannot be seen: ${error.message}`, { code: error.code })
    fleet.unseen(region, error)
  }
}

/** A lost network with things in the cloud is shown, so that it can be terminated; one without is forgotten. */
async function settleLost(workshop: Workshop, lost: Lost): Promise<void> {
  const { ports, fleet } = workshop
  try {
    const watch = await fleet.attend(lost.region)
    const resources = await findResources(watch.region.cloud, lost.id)
    if (resources.length === 0) await ports.journal.forget(lost.id)
    else if (!fleet.registry.find(lost.id)) {
      ports.log('warn', 'A network whose record is lost left things behind', { [networkIdTag]: lost.id })
      fleet.addLost(lost.id, watch, resources)
    }
  } catch (error) {
    ports.log('warn', `The journal's network ${lost.id} cannot be looked up now`, {
      reason: error instanceof Error ? error.message : String(error)
    })
  }
}
