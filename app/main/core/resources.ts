import type { ResolvedSpec } from '../../contract/index.ts'
import type { Tags } from './ports/cloud.ts'
import { networkIdTag } from './resource-names.ts'
import { given } from './given.ts'

/** Kinds of things that a network rents or creates. */
export type RentedKind = 'key-pair' | 'security-group' | 'placement-group' | 'instances' | 'volume'

/** Instances need the rest; a volume is made in the zone in which they stand. */
export const rentOrder: readonly RentedKind[] = ['key-pair', 'security-group', 'placement-group', 'instances', 'volume']
/** Neither groups nor volumes can go while instances use them. */
export const removalOrder: readonly RentedKind[] = ['instances', 'volume', 'placement-group', 'security-group', 'key-pair']

/** One thing in the cloud, with the tags it carries. `instances` stands for a single instance here. */
export interface Resource {
  readonly kind: RentedKind
  readonly id: string
  readonly name: string
  readonly tags: Tags
}

/** Whether a thing carries the network's tag; nothing else is ever changed. */
export function ours(resource: { readonly tags: Tags }, networkId: string): boolean {
  return resource.tags[networkIdTag] === networkId
}

/** What a launch of this spec creates. */
export function wantedKinds(
  spec: Pick<ResolvedSpec, 'placementGroup' | 'keyPair' | 'securityGroup' | 'volume'>
): readonly RentedKind[] {
  const unwanted: Partial<Record<RentedKind, boolean>> = {
    'placement-group': !spec.placementGroup, 'key-pair': given(spec.keyPair), 'security-group': given(spec.securityGroup),
    volume: spec.volume === undefined || !('new' in spec.volume)
  }
  return rentOrder.filter(kind => unwanted[kind] !== true)
}
