import type { Cloud, PlacementGroupRecord, Tags } from '../../core/ports/index.ts'
import { createOrFind, goneIsFine } from './forgiving.ts'
import type { Session } from './session.ts'
import { fromTags, tagging, withTags } from './tags.ts'

type Verbs = Pick<Cloud, 'createPlacementGroup' | 'placementGroups' | 'deletePlacementGroup'>

/** Placement groups: instances of one stand close together, which MPI is the faster for. */
export function placementGroupVerbs({ call, patiently, patience }: Session): Verbs {
  const placementGroups = async (tags: Tags): Promise<PlacementGroupRecord[]> => {
    const { PlacementGroups } = await call('DescribePlacementGroups', (client, { DescribePlacementGroupsCommand }) =>
      client.send(new DescribePlacementGroupsCommand({ Filters: withTags(tags) }))
    )
    return (PlacementGroups ?? []).map((group) => ({
      id: group.GroupId ?? '',
      name: group.GroupName ?? '',
      tags: fromTags(group.Tags)
    }))
  }

  return {
    placementGroups,
    createPlacementGroup: ({ name, tags }) =>
      createOrFind(
        name,
        tags,
        /^InvalidPlacementGroup\.Duplicate$/,
        async () => {
          const { PlacementGroup } = await call('CreatePlacementGroup', (client, { CreatePlacementGroupCommand }) =>
            client.send(
              new CreatePlacementGroupCommand({
                GroupName: name,
                Strategy: 'cluster',
                TagSpecifications: tagging(tags, 'placement-group')
              })
            )
          )
          return { id: PlacementGroup?.GroupId ?? '', name, tags }
        },
        () => placementGroups(tags)
      ),
    deletePlacementGroup: (name) =>
      goneIsFine(/^InvalidPlacementGroup\.Unknown$/, () =>
        patiently(/^InvalidPlacementGroup\.InUse$/, patience.inUse, () =>
          call('DeletePlacementGroup', (client, { DeletePlacementGroupCommand }) =>
            client.send(new DeletePlacementGroupCommand({ GroupName: name }))
          )
        )
      )
  }
}
