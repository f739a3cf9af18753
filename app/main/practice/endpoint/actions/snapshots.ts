import type { Action, Actions } from '../action.ts'
import { Ec2Error } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { checkIdForm, freshId } from '../protocol/ids.ts'
import { page } from '../protocol/pages.ts'
import { nextSequence, tagsOf, type Snapshot, type State } from '../state.ts'
import { putTags, readTagSpecifications, tagSet } from '../tagging.ts'
import { snapshotById, volumeById } from '../volumes/volume-rules.ts'

const describe = (snapshot: Snapshot, state: State) => ({
  snapshotId: snapshot.id,
  volumeId: snapshot.volumeId,
  status: snapshot.state,
  startTime: snapshot.startedAt,
  progress: `${snapshot.progress}%`,
  ownerId: state.accountId,
  volumeSize: snapshot.sizeGib,
  description: snapshot.description,
  encrypted: snapshot.encrypted,
  storageTier: 'standard',
  tagSet: tagSet(tagsOf(state, snapshot.id))
})

const createSnapshot: Action = {
  accepts: ['VolumeId', 'Description', 'TagSpecification'],
  refuses: ['OutpostArn', 'Location'],
  async run(parameters, context) {
    const volumeId = parameters.required('VolumeId')
    const description = parameters.text('Description') ?? ''
    const tags = readTagSpecifications(parameters, ['snapshot']).get('snapshot')
    const snapshot = await context.change((draft) => {
      const volume = volumeById(draft, volumeId)
      if (volume.state !== 'available' && volume.state !== 'in-use') {
        throw new Ec2Error('IncorrectState', `Volume '${volumeId}' is in the '${volume.state}' state.`)
      }
      const made: Snapshot = {
        id: freshId('snap'), sequence: nextSequence(draft), volumeId, sizeGib: volume.sizeGib, encrypted: volume.encrypted,
        description, startedAt: new Date().toISOString(), state: 'pending', progress: 0
      }
      draft.snapshots.push(made)
      putTags(draft, made.id, tags)
      return made
    })
    context.volumes.attend(snapshot.id)
    return describe(snapshot, context.state)
  }
}

const describeSnapshots: Action = {
  accepts: ['Filter', 'SnapshotId', 'Owner', 'RestorableBy', 'MaxResults', 'NextToken'],
  run(parameters, { state }) {
    const ids = parameters.list('SnapshotId')
    checkIdForm(ids, 'snap', 'InvalidSnapshotID.Malformed')
    for (const id of ids) snapshotById(state, id)
    const owners = parameters.list('Owner')
    const own = owners.length === 0 || owners.includes('self') || owners.includes(state.accountId)
    const wanted = state.snapshots.filter((one) => own && (ids.length === 0 || ids.includes(one.id)))
    const snapshots = select(wanted, readFilters(parameters), {
      'snapshot-id': (one) => one.id,
      'volume-id': (one) => one.volumeId,
      'volume-size': (one) => String(one.sizeGib),
      'owner-id': () => state.accountId,
      'owner-alias': () => null,
      'start-time': (one) => one.startedAt,
      status: (one) => one.state,
      progress: (one) => `${one.progress}%`,
      description: (one) => one.description,
      encrypted: (one) => String(one.encrypted),
      'storage-tier': () => 'standard'
    }, (one) => tagsOf(state, one.id))
    const { items, nextToken } = page(parameters, snapshots, (one) => one.sequence, { least: 5, most: 1000 })
    return { snapshotSet: items.map((one) => describe(one, state)), nextToken }
  }
}

const deleteSnapshot: Action = {
  accepts: ['SnapshotId'],
  async run(parameters, context) {
    const id = parameters.required('SnapshotId')
    await context.change((draft) => {
      snapshotById(draft, id)
      const image = draft.images.find((one) => one.snapshotId === id && one.state !== 'deregistered')
      if (image) throw new Ec2Error('InvalidSnapshot.InUse', `The snapshot ${id} is currently in use by ${image.id}`)
      draft.snapshots = draft.snapshots.filter((one) => one.id !== id)
      delete draft.tags[id]
    })
    await context.machines.volumes.removeSnapshot(id)
    return { return: true }
  }
}

export const snapshotActions: Actions = {
  CreateSnapshot: createSnapshot,
  DescribeSnapshots: describeSnapshots,
  DeleteSnapshot: deleteSnapshot
}
