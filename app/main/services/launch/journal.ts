import type { Effect } from '../../core/lifecycle.ts'
import type { JournalEntry } from '../../core/ports/index.ts'
import type { RentedKind } from '../../core/resources.ts'
import type { Work } from './work.ts'
import { changeRecord, networkOf } from './work.ts'

/** Puts on disk what is about to be done, before the call that does it. */
export async function writeIntent(work: Work, of: Extract<Effect, { do: 'write-intent' }>['of']): Promise<void> {
  await append(work, of, 'intent', null)
  const { record } = networkOf(work)
  if (record === null) return
  if (of === 'network') await work.ports.records.save(record)
  if (of === 'terminate') await changeRecord(work, { terminating: true })
}

/** Puts on disk that something was rented, with its id. */
export async function writeDone(work: Work, kind: RentedKind, ids: readonly string[]): Promise<void> {
  for (const id of ids) await append(work, kind, 'done', id)
}

/**
 * The token of `instances` is RunInstances' own; that of `network` is its region, where to look should the record be
 * lost.
 */
async function append(
  work: Work, kind: JournalEntry['kind'], phase: JournalEntry['phase'], id: string | null
): Promise<void> {
  const network = networkOf(work)
  const token = kind === 'instances' ? network.record?.clientToken ?? '' : kind === 'network' ? network.region : ''
  await work.ports.journal.append({
    networkId: work.networkId, at: work.ports.clock.now().toISOString(), kind, phase, token, id
  })
}
