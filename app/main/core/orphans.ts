import type { Orphan } from '../../contract/index.ts'
import type { Tags } from './ports/cloud.ts'
import { networkIdTag, networkTag } from './resource-names.ts'

/**
 * A thing with our tags, as the cloud lists it.
 */
export interface TaggedThing {
  readonly id: string
  readonly kind: Orphan['kind']
  readonly name: string
  readonly state: string
  readonly tags: Tags
  readonly pricePerHour: number | null
  /** Belongs to nothing that there is, whatever network it came from. */
  readonly ownerless?: boolean
}

/** Instances go first: groups cannot go while instances are in them, nor volumes that are attached. */
const order: readonly Orphan['kind'][] = [
  'spot-request', 'instance', 'volume', 'placement-group', 'security-group', 'key-pair', 'snapshot'
]

/**
 * The things that no network of this computer accounts for. Whatever lacks our tag is not ours and never among them. A
 * network with live instances may be at work from another computer, so all that is its own is marked.
 */
export function orphansAmong(
  things: readonly TaggedThing[], accounted: ReadonlySet<string>, region: string
): readonly Orphan[] {
  const live = new Set(things.filter(one => one.kind === 'instance').map(one => one.tags[networkIdTag]))
  return things
    .filter(one => one.ownerless || (one.tags[networkIdTag] !== undefined && !accounted.has(one.tags[networkIdTag])))
    .map(({ id, kind, name, state, pricePerHour, tags }) => ({
      id, kind, name, state, pricePerHour, region, network: tags[networkTag] ?? null, networkId: tags[networkIdTag] ?? null,
      inUse: tags[networkIdTag] !== undefined && live.has(tags[networkIdTag])
    }))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.id.localeCompare(b.id))
}
