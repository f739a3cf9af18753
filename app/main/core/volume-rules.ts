import type { Finding, InstanceType, NetworkSpec, ResolvedVolume } from '../../contract/index.ts'
import { quoted } from './quoted.ts'
import type { VolumeRecord } from './ports/index.ts'

/** Least and greatest GiB of each kind of volume. */
const sizes: Readonly<Record<string, readonly [number, number]>> = {
  gp3: [1, 65_536], gp2: [1, 16_384], st1: [125, 16_384], sc1: [125, 16_384], standard: [1, 1024]
}

export const defaultVolumeType = 'gp3'

/** Why a new volume cannot be as asked, in one sentence; null when it can. */
export function newVolumeFault(sizeGib: number, type: string): string | null {
  const range = Object.hasOwn(sizes, type) ? sizes[type] : undefined
  if (range === undefined) return `There is no kind of volume called "${quoted(type)}" here.`
  const [least, most] = range
  if (Number.isInteger(sizeGib) && sizeGib >= least && sizeGib <= most) return null
  return `A volume of kind ${type} has a whole number of GiB from ${least} to ${most}, not ${sizeGib}.`
}

export const kindsOfVolumes: readonly string[] = Object.keys(sizes)

/** What the plan knows of the volume that was named; absent when none was. */
export interface VolumeKnowledge {
  readonly volume: VolumeRecord | null
  /** How the nodes will see one folder. */
  readonly sharedBy: 'nfs' | 'sshfs' | 'folder'
}

const sharing = {
  nfs: 'It will be mounted at /shared on the master and shared with the other nodes by NFS, or by sshfs where a kernel lacks NFS.',
  sshfs: 'It will be mounted at /shared on the master and shared with the other nodes by sshfs, for practice machines have no NFS.',
  folder: 'All practice machines share this computer: the volume is a folder, seen as ~/shared on every node, and is not formatted.'
} as const

const fault = (code: string, message: string, suggestion: string, field = 'volume'): Finding =>
  ({ level: 'error', code, field, message, suggestion })

/** The volume of a network with what speaks against it; and the zone that an existing one forces. */
export function planVolume(
  spec: Pick<NetworkSpec, 'volume' | 'zone'>, type: InstanceType | null, instances: number, known: VolumeKnowledge | undefined
): { readonly volume: ResolvedVolume | undefined; readonly zone: string | null; readonly findings: readonly Finding[] } {
  const zone = spec.zone ?? null
  const wanted = spec.volume
  if (wanted === undefined) return { volume: undefined, zone, findings: [] }
  const note: Finding = {
    level: 'info', code: 'VOLUME_SHARED', field: 'volume',
    message: instances > 1 || known?.sharedBy === 'folder' ? sharing[known?.sharedBy ?? 'nfs'] : 'It will be mounted at /shared.',
    suggestion: 'A blank volume is formatted at its first mount; one that holds data is never formatted.'
  }
  if ('new' in wanted) {
    const { sizeGib, type: kind = defaultVolumeType, deleteWithNetwork = false } = wanted.new
    const why = newVolumeFault(sizeGib, kind)
    const findings = why === null ? [] : [
      fault('VOLUME_INVALID', why, `Choose one of ${kindsOfVolumes.join(', ')}, and a size that it can have.`)]
    return { volume: { new: { sizeGib, type: kind, deleteWithNetwork } }, zone, findings: [...findings, note] }
  }
  const volume = known?.volume ?? null
  const resolved: ResolvedVolume = { id: wanted.id }
  if (volume === null) {
    return { volume: resolved, zone, findings: [fault('VOLUME_UNKNOWN', `There is no volume of this id: ${quoted(wanted.id)}`,
      'Choose one from the list of volumes of the region, or have a new one made.')] }
  }
  const findings: Finding[] = []
  if (volume.attachment !== null || volume.state !== 'available') {
    findings.push(fault('VOLUME_IN_USE', volume.attachment
      ? `The volume ${volume.id} is attached to ${volume.attachment.instanceId}.`
      : `The volume ${volume.id} is not available but ${volume.state}.`, 'Detach it first, or choose another one.'))
  }
  if (zone !== null && zone !== volume.zone) {
    findings.push(fault('VOLUME_ZONE', `The volume ${volume.id} is in ${volume.zone}, and the zone asked for is ${zone}.`,
      `Leave the zone out: the network then stands in ${volume.zone}.`, 'zone'))
  }
  if (type !== null && type.zones.length > 0 && !type.zones.includes(volume.zone)) {
    findings.push(fault('ZONE_UNOFFERED', `Instances of type ${type.name} are not offered in ${volume.zone}, where the volume is.`,
      'Choose a type that this zone offers, or another volume.', 'instanceType'))
  }
  return { volume: resolved, zone: volume.zone, findings: [...findings, note] }
}
