import type { Action, Actions } from '../action.ts'
import { Ec2Error, invalidValue } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { checkIdForm, freshId } from '../protocol/ids.ts'
import { nextSequence, tagsOf, type PlacementGroup, type State } from '../state.ts'
import { putTags, readTagSpecifications, tagSet } from '../tagging.ts'

const describe = (group: PlacementGroup, state: State, region: string) => ({
  groupName: group.name,
  groupId: group.id,
  state: 'available',
  strategy: group.strategy,
  groupArn: `arn:aws:ec2:${region}:${state.accountId}:placement-group/${group.name}`,
  partitionCount: group.partitions,
  spreadLevel: group.strategy === 'spread' ? 'rack' : null,
  tagSet: tagSet(tagsOf(state, group.id))
})

export const unknownPlacementGroup = (name: string) =>
  new Ec2Error('InvalidPlacementGroup.Unknown', `The Placement Group '${name}' is unknown.`)

const createPlacementGroup: Action = {
  accepts: ['GroupName', 'Strategy', 'PartitionCount', 'SpreadLevel', 'TagSpecification'],
  async run(parameters, context) {
    const name = parameters.required('GroupName')
    if (name.length > 255) throw invalidValue(name, 'GroupName', 'A group name has at most 255 characters.')
    const strategy = parameters.choice('Strategy', ['cluster', 'spread', 'partition']) ?? 'cluster'
    const partitions = parameters.integer('PartitionCount', 1, 7) ?? null
    if (partitions !== null && strategy !== 'partition') {
      throw new Ec2Error('InvalidParameterCombination', 'PartitionCount can only be used with the partition strategy')
    }
    if ((parameters.choice('SpreadLevel', ['rack', 'host']) ?? 'rack') === 'host') {
      throw new Ec2Error(
        'UnsupportedOperation',
        'Spread level host is for Outposts, which the practice cloud has none of.'
      )
    }
    const tags = readTagSpecifications(parameters, ['placement-group']).get('placement-group')
    const group = await context.change((draft) => {
      if (draft.placementGroups.some((existing) => existing.name === name)) {
        throw new Ec2Error('InvalidPlacementGroup.Duplicate', `The Placement Group '${name}' already exists.`)
      }
      const made: PlacementGroup = {
        id: freshId('pg'),
        sequence: nextSequence(draft),
        name,
        strategy,
        partitions: strategy === 'partition' ? (partitions ?? 2) : null
      }
      draft.placementGroups.push(made)
      putTags(draft, made.id, tags)
      return made
    })
    return { return: true, placementGroup: describe(group, context.state, context.region) }
  }
}

const describePlacementGroups: Action = {
  accepts: ['Filter', 'GroupName', 'GroupId'],
  run(parameters, { state, region }) {
    const names = parameters.list('GroupName')
    const ids = parameters.list('GroupId')
    checkIdForm(ids, 'pg', 'InvalidPlacementGroupId.Malformed')
    const unknown =
      names.find((name) => !state.placementGroups.some((group) => group.name === name)) ??
      ids.find((id) => !state.placementGroups.some((group) => group.id === id))
    if (unknown !== undefined) throw unknownPlacementGroup(unknown)
    const all = names.length + ids.length === 0
    const wanted = state.placementGroups.filter((group) => all || names.includes(group.name) || ids.includes(group.id))
    const groups = select(
      wanted,
      readFilters(parameters),
      {
        'group-name': (group) => group.name,
        strategy: (group) => group.strategy,
        state: () => 'available',
        'group-arn': (group) => describe(group, state, region).groupArn,
        'spread-level': (group) => (group.strategy === 'spread' ? 'rack' : null)
      },
      (group) => tagsOf(state, group.id)
    )
    return { placementGroupSet: groups.map((group) => describe(group, state, region)) }
  }
}

const deletePlacementGroup: Action = {
  accepts: ['GroupName'],
  async run(parameters, context) {
    const name = parameters.required('GroupName')
    await context.change((draft) => {
      const group = draft.placementGroups.find((existing) => existing.name === name)
      if (!group) throw unknownPlacementGroup(name)
      if (draft.instances.some((instance) => instance.placementGroup === name && instance.state !== 'terminated')) {
        throw new Ec2Error(
          'InvalidPlacementGroup.InUse',
          `The placement group '${name}' is in use and may not be deleted.`
        )
      }
      draft.placementGroups = draft.placementGroups.filter((existing) => existing !== group)
      delete draft.tags[group.id]
    })
    return { return: true }
  }
}

export const placementGroupActions: Actions = {
  CreatePlacementGroup: createPlacementGroup,
  DescribePlacementGroups: describePlacementGroups,
  DeletePlacementGroup: deletePlacementGroup
}
