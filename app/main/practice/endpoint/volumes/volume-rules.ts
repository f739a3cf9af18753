import { practiceZones } from '../../catalogue.ts'
import { Ec2Error, invalidValue, notFound } from '../protocol/error.ts'
import { checkIdForm } from '../protocol/ids.ts'
import type { Parameters } from '../protocol/parameters.ts'
import type { EbsVolume, Snapshot, State } from '../state.ts'

const volumeTypes = ['gp3', 'gp2', 'io1', 'io2', 'st1', 'sc1', 'standard'] as const
type VolumeType = (typeof volumeTypes)[number]

/** Least and greatest GiB of each type. */
const sizes: Readonly<Record<VolumeType, readonly [number, number]>> = {
  gp3: [1, 65_536], gp2: [1, 16_384], io1: [4, 16_384], io2: [4, 65_536], st1: [125, 16_384], sc1: [125, 16_384],
  standard: [1, 1024]
}

/** What a CreateVolume asks for, with the rules of its type held. */
export function readNewVolume(parameters: Parameters, state: State) {
  const zone = parameters.required('AvailabilityZone')
  if (!practiceZones.some((one) => one.name === zone)) {
    throw new Ec2Error('InvalidZone.NotFound', `The zone '${zone}' does not exist.`)
  }
  const snapshotId = parameters.text('SnapshotId') ?? null
  const snapshot = snapshotId === null ? null : snapshotById(state, snapshotId)
  if (snapshot && snapshot.state !== 'completed') {
    throw new Ec2Error('IncorrectState', `Snapshot is in invalid state - ${snapshot.state}`)
  }
  const type = parameters.choice('VolumeType', volumeTypes) ?? 'gp2'
  const sizeGib = parameters.integer('Size', 1, 65_536) ?? snapshot?.sizeGib
  if (sizeGib === undefined) {
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter size/snapshot')
  }
  const [least, most] = sizes[type]
  if (sizeGib < least || sizeGib > most) {
    throw invalidValue(String(sizeGib), 'size', `Volume of type ${type} has from ${least} to ${most} GiB.`)
  }
  if (snapshot && sizeGib < snapshot.sizeGib) {
    throw invalidValue(String(sizeGib), 'size', `It is smaller than the snapshot, which has ${snapshot.sizeGib} GiB.`)
  }
  const iops = parameters.integer('Iops', 100, 256_000) ?? null
  if ((type === 'io1' || type === 'io2') && iops === null) {
    throw new Ec2Error('MissingParameter', `The request must contain the parameter iops for volume type ${type}`)
  }
  if (iops !== null && !['gp3', 'io1', 'io2'].includes(type)) {
    throw new Ec2Error('InvalidParameterCombination', `The parameter iops is not supported for ${type} volumes.`)
  }
  const throughput = parameters.integer('Throughput', 125, 2000) ?? null
  if (throughput !== null && type !== 'gp3') {
    throw new Ec2Error('InvalidParameterCombination', `The parameter throughput is not supported for ${type} volumes.`)
  }
  return {
    zone, snapshotId, type, sizeGib,
    iops: iops ?? (type === 'gp3' ? 3000 : type === 'gp2' ? Math.min(16_000, Math.max(100, 3 * sizeGib)) : null),
    throughput: throughput ?? (type === 'gp3' ? 125 : null),
    encrypted: (parameters.boolean('Encrypted') ?? false) || (snapshot?.encrypted ?? false)
  }
}

/** The volume of its own with this id; root volumes live and end with their instances. */
export function volumeById(state: State, id: string): EbsVolume {
  checkIdForm([id], 'vol', 'InvalidParameterValue')
  const volume = state.volumes.find((one) => one.id === id)
  if (volume) return volume
  if (state.instances.some((one) => one.state !== 'terminated' && one.volumes.some((root) => root.id === id))) {
    throw new Ec2Error('OperationNotPermitted', `The volume '${id}' is the disk of a practice machine and stays with it.`)
  }
  throw notFound('InvalidVolume.NotFound', 'volume', [id])
}

export function snapshotById(state: State, id: string): Snapshot {
  checkIdForm([id], 'snap', 'InvalidSnapshotID.Malformed')
  const snapshot = state.snapshots.find((one) => one.id === id)
  if (!snapshot) throw new Ec2Error('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`)
  return snapshot
}

const deviceName = /^(?:\/dev\/)?(?:sd|xvd)[a-z]{1,2}\d{0,2}$/

/** Holds the rules of AttachVolume and says to which device name it goes. */
export function checkAttach(state: State, volume: EbsVolume, instanceId: string, device: string): void {
  checkIdForm([instanceId], 'i', 'InvalidInstanceID.Malformed')
  const instance = state.instances.find((one) => one.id === instanceId && one.state !== 'terminated')
  if (!instance) throw notFound('InvalidInstanceID.NotFound', 'instance ID', [instanceId])
  if (!deviceName.test(device)) {
    throw invalidValue(device, 'unixDevice', `Attachment point ${device} is not a valid device name.`)
  }
  if (volume.attachment) {
    throw new Ec2Error('VolumeInUse', `${volume.id} is already attached to an instance`)
  }
  if (volume.state !== 'available') {
    throw new Ec2Error('IncorrectState', `Volume '${volume.id}' is not 'available', but '${volume.state}'.`)
  }
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new Ec2Error('IncorrectState', `Instance '${instanceId}' is not 'running', but '${instance.state}'.`)
  }
  if (instance.zone !== volume.zone) {
    throw new Ec2Error('InvalidVolume.ZoneMismatch',
      `The volume '${volume.id}' is not in the same availability zone as instance '${instanceId}'`)
  }
  const taken = [
    ...instance.volumes.map((root) => root.device),
    ...state.volumes.flatMap((one) => one.attachment?.instanceId === instanceId ? [one.attachment.device] : [])
  ]
  if (taken.includes(device)) {
    throw invalidValue(device, 'unixDevice', `Attachment point ${device} is already in use`)
  }
}
