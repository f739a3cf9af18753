import type { Action, Actions } from '../action.ts'
import { knownImages } from '../images/image-rules.ts'
import { Ec2Error, missingParameter, notFound } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { page } from '../protocol/pages.ts'
import type { State } from '../state.ts'
import { putTags, readTags } from '../tagging.ts'

/** What each kind of id stands for, how EC2 calls its absence, and which of its ids there are. */
const kinds: readonly {
  prefix: string
  type: string
  absent: string
  noun: string
  ids: (state: State) => readonly string[]
}[] = [
  {
    prefix: 'i',
    type: 'instance',
    absent: 'InvalidInstanceID.NotFound',
    noun: 'instance ID',
    ids: (state) => state.instances.filter((instance) => instance.state !== 'terminated').map((instance) => instance.id)
  },
  {
    prefix: 'vol',
    type: 'volume',
    absent: 'InvalidVolume.NotFound',
    noun: 'volume',
    ids: (state) =>
      state.instances
        .filter((instance) => instance.state !== 'terminated')
        .flatMap((instance) => instance.volumes.map((volume) => volume.id))
        .concat(state.volumes.map((volume) => volume.id))
  },
  {
    prefix: 'snap',
    type: 'snapshot',
    absent: 'InvalidSnapshot.NotFound',
    noun: 'snapshot ID',
    ids: (state) => state.snapshots.map((snapshot) => snapshot.id)
  },
  {
    prefix: 'eni',
    type: 'network-interface',
    absent: 'InvalidNetworkInterfaceID.NotFound',
    noun: 'networkInterface ID',
    ids: (state) =>
      state.instances
        .filter((instance) => instance.state !== 'terminated')
        .map((instance) => instance.networkInterfaceId)
  },
  {
    prefix: 'sir',
    type: 'spot-instances-request',
    absent: 'InvalidSpotInstanceRequestID.NotFound',
    noun: 'spot instance request ID',
    ids: (state) => state.instances.flatMap((instance) => instance.spotRequestId ?? [])
  },
  {
    prefix: 'key',
    type: 'key-pair',
    absent: 'InvalidKeyPair.NotFound',
    noun: 'key pair ID',
    ids: (state) => state.keyPairs.map((pair) => pair.id)
  },
  {
    prefix: 'sg',
    type: 'security-group',
    absent: 'InvalidGroup.NotFound',
    noun: 'security group',
    ids: (state) => state.securityGroups.map((group) => group.id)
  },
  {
    prefix: 'sgr',
    type: 'security-group-rule',
    absent: 'InvalidSecurityGroupRuleId.NotFound',
    noun: 'security group rule ID',
    ids: (state) => state.securityGroupRules.map((rule) => rule.id)
  },
  {
    prefix: 'pg',
    type: 'placement-group',
    absent: 'InvalidPlacementGroup.Unknown',
    noun: 'placement group ID',
    ids: (state) => state.placementGroups.map((group) => group.id)
  },
  { prefix: 'vpc', type: 'vpc', absent: 'InvalidVpcID.NotFound', noun: 'vpc ID', ids: (state) => [state.vpc.id] },
  {
    prefix: 'subnet',
    type: 'subnet',
    absent: 'InvalidSubnetID.NotFound',
    noun: 'subnet ID',
    ids: (state) => state.subnets.map((subnet) => subnet.id)
  },
  {
    prefix: 'ami',
    type: 'image',
    absent: 'InvalidAMIID.NotFound',
    noun: 'image id',
    ids: (state) => knownImages(state).map((image) => image.id)
  }
]

const kindOf = (id: string) => kinds.find((kind) => new RegExp(`^${kind.prefix}-[0-9a-f]{8,17}$`).test(id))

/** The resources a request names; all of them exist, or the request is refused as a whole. */
function checkResources(ids: readonly string[], state: State): void {
  for (const id of ids) {
    const kind = kindOf(id)
    if (!kind) throw new Ec2Error('InvalidID', `The ID '${id}' is not valid`)
    if (!kind.ids(state).includes(id)) throw notFound(kind.absent, kind.noun, [id])
  }
}

const createTags: Action = {
  accepts: ['ResourceId', 'Tag'],
  async run(parameters, context) {
    const ids = parameters.requiredList('ResourceId')
    const tags = readTags(parameters)
    if (Object.keys(tags).length === 0) throw missingParameter('Tag')
    await context.change((draft) => {
      checkResources(ids, draft)
      for (const id of ids) putTags(draft, id, tags)
    })
    return { return: true }
  }
}

/** A tag named with a value goes only when it has that value; without tags in the request all of them go. */
const deleteTags: Action = {
  accepts: ['ResourceId', 'Tag'],
  async run(parameters, context) {
    const ids = parameters.requiredList('ResourceId')
    const named = parameters.structures('Tag').map((tag) => ({ key: tag.required('Key'), value: tag.text('Value') }))
    await context.change((draft) => {
      checkResources(ids, draft)
      for (const id of ids) {
        const kept = Object.entries(draft.tags[id] ?? {}).filter(
          ([key, value]) =>
            named.length > 0 &&
            !named.some((tag) => tag.key === key && (tag.value === undefined || tag.value === value))
        )
        draft.tags[id] = Object.fromEntries(kept)
      }
    })
    return { return: true }
  }
}

const describeTags: Action = {
  accepts: ['Filter', 'MaxResults', 'NextToken'],
  run(parameters, { state }) {
    const all = Object.entries(state.tags)
      .flatMap(([id, tags]) =>
        Object.entries(tags).map(([key, value]) => ({ id, key, value, type: kindOf(id)?.type ?? '' }))
      )
      .map((tag, sequence) => ({ ...tag, sequence }))
    const tags = select(all, readFilters(parameters), {
      key: (tag) => tag.key,
      value: (tag) => tag.value,
      'resource-id': (tag) => tag.id,
      'resource-type': (tag) => tag.type
    })
    const { items, nextToken } = page(parameters, tags, (tag) => tag.sequence, { least: 5, most: 1000 })
    return {
      tagSet: items.map((tag) => ({ resourceId: tag.id, resourceType: tag.type, key: tag.key, value: tag.value })),
      nextToken
    }
  }
}

export const tagActions: Actions = { CreateTags: createTags, DeleteTags: deleteTags, DescribeTags: describeTags }
