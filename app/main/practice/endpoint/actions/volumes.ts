import type { Action, Actions, Context } from '../action.ts'
import { Ec2Error, missingParameter, notFound } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { checkIdForm, freshId } from '../protocol/ids.ts'
import { page } from '../protocol/pages.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { nextSequence, tagsOf, type EbsVolume, type State } from '../state.ts'
import { putTags, readTagSpecifications, tagSet } from '../tagging.ts'
import { checkAttach, readNewVolume, volumeById } from '../volumes/volume-rules.ts'

const attachmentOf = (id: string, attachment: NonNullable<EbsVolume['attachment']>, status: string = attachment.state) => ({
  volumeId: id,
  instanceId: attachment.instanceId,
  device: attachment.device,
  status,
  attachTime: attachment.attachedAt,
  deleteOnTermination: attachment.deleteOnTermination
})

/** The place of a thing in the order of pages; an instance's several disks have places of their own after it. */
const placeOf = (sequence: number) => sequence * 32

/** Root volumes as volumes: they live in their instances. */
function rootVolumes(state: State): EbsVolume[] {
  return state.instances
    .filter((instance) => instance.state !== 'terminated')
    .flatMap((instance) => instance.volumes.map((root, index): EbsVolume => ({
      id: root.id, sequence: placeOf(instance.sequence) + index, zone: instance.zone, sizeGib: root.sizeGib, type: root.type,
      iops: root.type === 'gp3' ? 3000 : null, throughput: root.type === 'gp3' ? 125 : null, encrypted: root.encrypted,
      snapshotId: null, clientToken: null, fingerprint: '', createdAt: instance.launchedAt, state: 'in-use',
      attachment: {
        instanceId: instance.id, device: root.device, attachedAt: instance.launchedAt,
        deleteOnTermination: root.deleteOnTermination, state: instance.state === 'pending' ? 'attaching' : 'attached',
        force: false
      }
    })))
}

const describe = (volume: EbsVolume, state: State) => ({
  volumeId: volume.id,
  size: volume.sizeGib,
  snapshotId: volume.snapshotId ?? '',
  availabilityZone: volume.zone,
  status: volume.state,
  createTime: volume.createdAt,
  attachmentSet: volume.attachment ? [attachmentOf(volume.id, volume.attachment)] : [],
  tagSet: tagSet(tagsOf(state, volume.id)),
  volumeType: volume.type,
  iops: volume.iops,
  throughput: volume.throughput,
  encrypted: volume.encrypted,
  multiAttachEnabled: false
})

const createVolume: Action = {
  accepts: ['AvailabilityZone', 'Size', 'SnapshotId', 'VolumeType', 'Iops', 'Throughput', 'Encrypted', 'KmsKeyId',
    'ClientToken', 'TagSpecification'],
  refuses: ['MultiAttachEnabled', 'OutpostArn', 'AvailabilityZoneId', 'VolumeInitializationRate', 'Operator'],
  async run(parameters, context) {
    const wanted = readNewVolume(parameters, context.state)
    const clientToken = parameters.text('ClientToken') || null
    const tags = readTagSpecifications(parameters, ['volume']).get('volume')
    const fingerprint = parameters.fingerprint()
    const id = await context.change((draft) => {
      const earlier = clientToken === null ? undefined : draft.volumes.find((one) => one.clientToken === clientToken)
      if (earlier && earlier.fingerprint !== fingerprint) {
        throw new Ec2Error('IdempotentParameterMismatch',
          'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).')
      }
      if (earlier) return earlier.id
      const volume: EbsVolume = {
        id: freshId('vol'), sequence: nextSequence(draft), ...wanted, clientToken, fingerprint,
        createdAt: new Date().toISOString(), state: 'creating', attachment: null
      }
      draft.volumes.push(volume)
      putTags(draft, volume.id, tags)
      return volume.id
    })
    // The reply shows the moment of the making; the file behind it may be there already.
    const reply = { ...describe(volumeById(context.state, id), context.state) }
    context.volumes.attend(id)
    return reply
  }
}

/** The volumes that a request names, or all; one that does not exist makes it fail. */
function named(parameters: Parameters, state: State): EbsVolume[] {
  const ids = parameters.list('VolumeId')
  checkIdForm(ids, 'vol', 'InvalidParameterValue')
  const all = [...state.volumes.map((one) => ({ ...one, sequence: placeOf(one.sequence) })), ...rootVolumes(state)]
  const unknown = ids.filter((id) => !all.some((volume) => volume.id === id))
  if (unknown.length > 0) throw notFound('InvalidVolume.NotFound', 'volume', unknown)
  return ids.length === 0 ? all : all.filter((volume) => ids.includes(volume.id))
}

const describeVolumes: Action = {
  accepts: ['Filter', 'VolumeId', 'MaxResults', 'NextToken', 'IncludeManagedResources'],
  run(parameters, { state }) {
    if (parameters.has('VolumeId') && parameters.has('MaxResults')) {
      throw new Ec2Error('InvalidParameterCombination', 'The parameter volumeIds cannot be used with the parameter maxResults')
    }
    const volumes = select(named(parameters, state), readFilters(parameters), {
      'volume-id': (volume) => volume.id,
      'volume-type': (volume) => volume.type,
      'availability-zone': (volume) => volume.zone,
      'create-time': (volume) => volume.createdAt,
      encrypted: (volume) => String(volume.encrypted),
      size: (volume) => String(volume.sizeGib),
      'snapshot-id': (volume) => volume.snapshotId,
      status: (volume) => volume.state,
      'multi-attach-enabled': () => 'false',
      'attachment.instance-id': (volume) => volume.attachment?.instanceId ?? null,
      'attachment.device': (volume) => volume.attachment?.device ?? null,
      'attachment.status': (volume) => volume.attachment?.state ?? null,
      'attachment.attach-time': (volume) => volume.attachment?.attachedAt ?? null,
      'attachment.delete-on-termination': (volume) =>
        volume.attachment ? String(volume.attachment.deleteOnTermination) : null
    }, (volume) => tagsOf(state, volume.id))
    const { items, nextToken } = page(parameters, volumes, (volume) => volume.sequence, { least: 5, most: 1000 })
    return { volumeSet: items.map((volume) => describe(volume, state)), nextToken }
  }
}

const deleteVolume: Action = {
  accepts: ['VolumeId'],
  async run(parameters, context) {
    const id = parameters.required('VolumeId')
    await context.change((draft) => {
      const volume = volumeById(draft, id)
      if (volume.attachment) {
        throw new Ec2Error('VolumeInUse', `Volume ${id} is currently attached to ${volume.attachment.instanceId}`)
      }
      if (volume.state === 'creating') {
        throw new Ec2Error('IncorrectState', `The volume '${id}' is in state 'creating' and cannot be deleted.`)
      }
      if (volume.state === 'deleting') throw notFound('InvalidVolume.NotFound', 'volume', [id])
      volume.state = 'deleting'
    })
    context.volumes.attend(id)
    return { return: true }
  }
}

const attachVolume: Action = {
  accepts: ['VolumeId', 'InstanceId', 'Device', 'EbsCardIndex'],
  async run(parameters, context) {
    const id = parameters.required('VolumeId')
    const instanceId = parameters.required('InstanceId')
    const device = parameters.required('Device')
    const attachment = await context.change((draft) => {
      const volume = volumeById(draft, id)
      checkAttach(draft, volume, instanceId, device)
      volume.state = 'in-use'
      volume.attachment = {
        instanceId, device, attachedAt: new Date().toISOString(), deleteOnTermination: false, state: 'attaching', force: false
      }
      return volume.attachment
    })
    context.volumes.attend(id)
    return attachmentOf(id, attachment)
  }
}

const detachVolume: Action = {
  accepts: ['VolumeId', 'InstanceId', 'Device', 'Force'],
  async run(parameters, context) {
    const id = parameters.required('VolumeId')
    const instanceId = parameters.text('InstanceId')
    const device = parameters.text('Device')
    const force = parameters.boolean('Force') ?? false
    if (rootVolumes(context.state).some((root) => root.id === id)) {
      throw new Ec2Error('OperationNotPermitted', `Unable to detach root volume '${id}' from its instance`)
    }
    const attachment = await context.change((draft) => {
      const volume = volumeById(draft, id)
      const current = volume.attachment
      if (!current) throw new Ec2Error('IncorrectState', `Volume '${id}' is in the '${volume.state}' state.`)
      if ((instanceId ?? current.instanceId) !== current.instanceId || (device ?? current.device) !== current.device) {
        throw new Ec2Error('InvalidAttachment.NotFound',
          `Volume '${id}' is not attached to instance '${instanceId ?? current.instanceId}' as device '${device ?? current.device}'.`)
      }
      if (current.state === 'attached' || current.state === 'attaching') current.state = 'detaching'
      current.force ||= force
      return current
    })
    context.volumes.attend(id)
    return attachmentOf(id, attachment)
  }
}

const describeVolumeStatus: Action = {
  accepts: ['Filter', 'VolumeId', 'MaxResults', 'NextToken', 'IncludeManagedResources'],
  run(parameters, { state }) {
    const volumes = select(named(parameters, state), readFilters(parameters), {
      'availability-zone': (volume) => volume.zone,
      'volume-status.status': (volume) => (volume.state === 'error' ? 'impaired' : 'ok')
    })
    const { items, nextToken } = page(parameters, volumes, (volume) => volume.sequence, { least: 5, most: 1000 })
    return {
      volumeStatusSet: items.map((volume) => ({
        volumeId: volume.id, availabilityZone: volume.zone,
        volumeStatus: {
          status: volume.state === 'error' ? 'impaired' : 'ok',
          details: [{ name: 'io-enabled', status: volume.state === 'error' ? 'failed' : 'passed' }]
        },
        eventsSet: [], actionsSet: []
      })),
      nextToken
    }
  }
}

/** DeleteOnTermination of what is attached, the one thing of an instance's block devices that can be changed. */
function setDeleteOnTermination(draft: State, instanceId: string, device: string, value: boolean): void {
  const instance = draft.instances.find((one) => one.id === instanceId)
  const root = instance?.volumes.find((one) => one.device === device)
  const attachment = draft.volumes.find((one) =>
    one.attachment?.instanceId === instanceId && one.attachment.device === device)?.attachment
  if (root) root.deleteOnTermination = value
  else if (attachment) attachment.deleteOnTermination = value
  else throw missingParameter(`an existing device name instead of ${device}`)
}

const modifyInstanceAttribute: Action = {
  accepts: ['InstanceId', 'BlockDeviceMapping'],
  refuses: ['Attribute', 'Value', 'SourceDestCheck', 'DisableApiTermination', 'InstanceType', 'Kernel', 'Ramdisk', 'UserData',
    'InstanceInitiatedShutdownBehavior', 'GroupId', 'EbsOptimized', 'SriovNetSupport', 'EnaSupport', 'DisableApiStop'],
  async run(parameters, context: Context) {
    const id = parameters.required('InstanceId')
    checkIdForm([id], 'i', 'InvalidInstanceID.Malformed')
    const mappings = parameters.structures('BlockDeviceMapping').map((mapping) => ({
      device: mapping.required('DeviceName'), keep: mapping.structure('Ebs').boolean('DeleteOnTermination')
    }))
    await context.change((draft) => {
      if (!draft.instances.some((one) => one.id === id)) throw notFound('InvalidInstanceID.NotFound', 'instance ID', [id])
      for (const { device, keep } of mappings) if (keep !== undefined) setDeleteOnTermination(draft, id, device, keep)
    })
    return { return: true }
  }
}

export const volumeActions: Actions = {
  CreateVolume: createVolume,
  DescribeVolumes: describeVolumes,
  DescribeVolumeStatus: describeVolumeStatus,
  DeleteVolume: deleteVolume,
  AttachVolume: attachVolume,
  DetachVolume: detachVolume,
  ModifyInstanceAttribute: modifyInstanceAttribute
}
