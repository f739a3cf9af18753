import { refusalOf } from '../../core/choices.ts'
import type { Trouble } from '../../core/choices.ts'
import type { RmadaError } from '../../core/error.ts'
import type { Work } from './work.ts'
import { networkOf } from './work.ts'

/** What a failure is for the rules that weigh choices; undefined when nobody is to be asked about it. */
export function troubleOf(work: Work, failure: RmadaError): Trouble | undefined {
  const { record } = networkOf(work)
  if (record === null || (work.onFailure ?? 'stop') === 'stop') return undefined
  return {
    nodes: blamedIn(failure),
    expected: record.spec.instances + (work.adding?.count ?? 0),
    refused: refusalOf(failure.code),
    spot: record.spec.spot !== undefined && record.spec.spot !== 'none'
  }
}

/** Ids of the nodes that a failure names. */
export function blamedIn({ details }: RmadaError): readonly string[] {
  return (details['instances'] ?? details['instance'] ?? '').split(' ').filter(Boolean)
}
