import type { Tags, VolumeRecord } from './ports/index.ts'
import { networkIdTag, networkTag } from './resource-names.ts'

/** Carried by every volume that Rmada made as a volume of its own; root volumes do not have it. */
export const volumeTag = 'rmada:volume'
/** `true`: goes with its network. */
const deleteTag = 'rmada:delete-with-network'
/** Set once it was mounted: from then on it may hold data. */
export const usedTag = 'rmada:volume-used'

/** Tags of a volume that is made with a network. */
export function networkVolumeTags(
  networkName: string, networkId: string, volume: { readonly deleteWithNetwork: boolean }
): Tags {
  return {
    [volumeTag]: 'network', [networkTag]: networkName, [networkIdTag]: networkId,
    [deleteTag]: String(volume.deleteWithNetwork), Name: `${networkName}-shared`
  }
}

/** Finds the volume that was made with a network. */
export const networkVolumeQuery = (networkId: string): Tags => ({ [networkIdTag]: networkId, [volumeTag]: '*' })

/** Whether it is deleted with its network: as was chosen, and when it was never mounted, so that nothing is on it. */
export function goesWithNetwork(tags: Tags): boolean {
  return tags[deleteTag] === 'true' || tags[usedTag] !== 'true'
}

export const isOurs = (volume: { readonly tags: Tags }): boolean => volumeTag in volume.tags

/** Device names of root volumes, by image. */
const rootDevices = new Set(['/dev/xvda', '/dev/sda1', '/dev/sda'])

export const isRoot = (volume: Pick<VolumeRecord, 'attachment'>): boolean =>
  volume.attachment !== null && rootDevices.has(volume.attachment.device)

/** A free name for a further device; EC2 recommends f to p. */
export function freeDevice(taken: readonly string[]): string {
  return 'fghijklmnop'.split('').map(letter => `/dev/sd${letter}`).find(name => !taken.includes(name)) ?? '/dev/sdf'
}
