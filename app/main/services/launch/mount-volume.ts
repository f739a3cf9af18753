import { RmadaError } from '../../core/error.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import type { Resource } from '../../core/resources.ts'
import { goesWithNetwork, networkVolumeQuery, networkVolumeTags, usedTag } from '../../core/volume-tags.ts'
import { masterOf } from '../reach/connections.ts'
import { attach, untilFree } from '../volumes/attach.ts'
import type { VolumeWork } from '../volumes/attach.ts'
import { mountAndShare } from '../volumes/on-node.ts'
import type { Work } from './work.ts'
import { networkOf, recordIn } from './work.ts'

/** Where a network's volume is seen on all nodes. */
export const sharedPath = '/shared'

const volumeWork = (work: Work, signal?: AbortSignal): VolumeWork => ({
  cloud: work.watch.region.cloud, clock: work.ports.clock, pace: interval => work.watch.pace(interval), signal
})

/** Makes the network's volume in the zone in which its machines turned out to stand. */
export async function createNetworkVolume(work: Work): Promise<Resource> {
  const { spec, id } = recordIn(work)
  const { volume } = spec
  if (!volume || !('new' in volume)) throw new Error('A network without a new volume makes none')
  work.progress.begin('volume', `Making a volume of ${volume.new.sizeGib} GiB.`)
  const { cloud } = work.watch.region
  const machine = (await cloud.instances({ [networkIdTag]: id })).find(one => one.state !== 'terminated')
  if (!machine) {
    throw new RmadaError('CLOUD_ERROR', 'The instances that the volume was to be made for are not there any more.', {
      suggestion: 'Terminate the network and launch it again.'
    })
  }
  const tags = networkVolumeTags(spec.name, id, volume.new)
  const made = await cloud.createVolume({
    clientToken: `rmada-${id}-volume`, zone: machine.zone, sizeGib: volume.new.sizeGib, type: volume.new.type, snapshotId: null, tags
  })
  return { kind: 'volume', id: made.id, name: tags['Name'] ?? made.id, tags }
}

/** Attaches the network's volume to the master and has it seen at /shared on all nodes. Networks without one skip this. */
export async function mountNetworkVolume(work: Work): Promise<void> {
  const { spec, id } = recordIn(work)
  if (!spec.volume) return
  const { cloud } = work.watch.region
  const volumeId = 'id' in spec.volume ? spec.volume.id
    : (await cloud.volumes(networkVolumeQuery(id)))[0]?.id
  if (volumeId === undefined) {
    throw new RmadaError('VOLUME_UNKNOWN', 'The volume that was made with the network is not there any more.', {
      suggestion: 'Terminate the network and launch it again.'
    })
  }
  const network = networkOf(work)
  const master = masterOf(network)
  work.progress.begin('mount-volume', `Attaching ${volumeId} to the master.`)
  const attached = await attach(volumeWork(work, work.signal), volumeId, master)
  work.progress.update(0.4, `Mounting ${volumeId} at ${sharedPath}.`)
  // Before the first write: what may hold data is never deleted with a network that was not to delete it.
  if ('new' in spec.volume) await cloud.tag([volumeId], { [usedTag]: 'true' })
  const { path, formatted, sharedBy } = await mountAndShare(work, {
    network, volumeId, instance: master, device: attached.attachment?.device ?? '', path: sharedPath, signal: work.signal,
    say: message => work.progress.update(0.7, message)
  })
  work.progress.update(1, `${volumeId} is at ${path}${formatted ? ', newly formatted' : ''}` +
    `${sharedBy === null || sharedBy === 'folder' ? '' : `, shared by ${sharedBy === 'nfs' ? 'NFS' : 'sshfs'}`}.`)
}

/** Deletes the network's volume as was chosen, or lets it go: kept, it is nobody's but its owner's. */
export async function removeNetworkVolumes(work: Work, volumes: readonly Resource[]): Promise<void> {
  const { cloud } = work.watch.region
  for (const { id } of volumes) {
    if (await cloud.volume(id) === null) continue
    const now = await untilFree(volumeWork(work), id)
    if (now.tags[networkIdTag] !== work.networkId) continue
    if (goesWithNetwork(now.tags)) await cloud.deleteVolume(id)
    else {
      work.progress.update(0.9, `The volume ${id} is kept, with all that is on it.`)
      await cloud.untag([id], [networkIdTag])
    }
  }
}
