import type { Volume, VolumeType } from '@aws-sdk/client-ec2'
import type { VolumeRecord, VolumeVerbs } from '../../core/ports/index.ts'
import { ec2Code } from './errors.ts'
import type { Session } from './session.ts'
import { fromTags, tagging, withTags } from './tags.ts'

function toRecord(volume: Volume): VolumeRecord {
  const attachment = (volume.Attachments ?? []).find((one) => one.State !== 'detached')
  return {
    id: volume.VolumeId ?? '',
    state: volume.State ?? 'creating',
    zone: volume.AvailabilityZone ?? '',
    sizeGib: volume.Size ?? 0,
    type: volume.VolumeType ?? '',
    encrypted: volume.Encrypted ?? false,
    createdAt: volume.CreateTime?.toISOString() ?? '',
    attachment: attachment
      ? {
          instanceId: attachment.InstanceId ?? '',
          device: attachment.Device ?? '',
          state: attachment.State ?? 'attaching'
        }
      : null,
    tags: fromTags(volume.Tags)
  }
}

const unknownId = /^InvalidVolume\.NotFound$/

/** Volumes: making, lending to instances and giving back. */
export function volumeVerbs(session: Session): VolumeVerbs {
  const { call, patiently, patience } = session
  /** EC2 may not know a volume for some seconds after it made it. */
  const onceKnown = <T>(work: () => Promise<T>) => patiently(unknownId, patience.notYetKnown, work)
  const unless = async (codes: RegExp, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!codes.test(ec2Code(error))) throw error
    }
  }

  return {
    volumes: (tags) =>
      call('DescribeVolumes', async (client, { paginateDescribeVolumes }) => {
        const records: VolumeRecord[] = []
        for await (const page of paginateDescribeVolumes({ client, pageSize: 500 }, { Filters: withTags(tags) })) {
          records.push(...(page.Volumes ?? []).map(toRecord))
        }
        return records
      }),
    async volume(id) {
      try {
        const { Volumes } = await call('DescribeVolumes', (client, { DescribeVolumesCommand }) =>
          client.send(new DescribeVolumesCommand({ VolumeIds: [id] }))
        )
        const [volume] = Volumes ?? []
        return volume ? toRecord(volume) : null
      } catch (error) {
        if (/^InvalidVolume\.NotFound$|^InvalidParameterValue$|^InvalidVolumeID\.Malformed$/.test(ec2Code(error))) return null
        throw error
      }
    },
    async createVolume(request) {
      return toRecord(
        await call('CreateVolume', (client, { CreateVolumeCommand }) =>
          client.send(
            new CreateVolumeCommand({
              ClientToken: request.clientToken,
              AvailabilityZone: request.zone,
              Size: request.sizeGib,
              // The SDK's list of types is older than EC2's; EC2 itself refuses what it does not know.
              VolumeType: request.type as VolumeType,
              Encrypted: true,
              ...(request.snapshotId === null ? {} : { SnapshotId: request.snapshotId }),
              TagSpecifications: tagging(request.tags, 'volume')
            })
          )
        )
      )
    },
    async attachVolume(id, instanceId, device) {
      await onceKnown(() =>
        call('AttachVolume', (client, { AttachVolumeCommand }) =>
          client.send(new AttachVolumeCommand({ VolumeId: id, InstanceId: instanceId, Device: device }))
        )
      )
    },
    async detachVolume(id, instanceId) {
      await unless(/^(IncorrectState|InvalidAttachment\.NotFound|InvalidVolume\.NotFound)$/, () =>
        call('DetachVolume', (client, { DetachVolumeCommand }) =>
          client.send(new DetachVolumeCommand({ VolumeId: id, InstanceId: instanceId }))
        )
      )
    },
    async deleteVolume(id) {
      await unless(unknownId, () =>
        call('DeleteVolume', (client, { DeleteVolumeCommand }) => client.send(new DeleteVolumeCommand({ VolumeId: id })))
      )
    },
    async createSnapshot({ volumeId, description, tags }) {
      const { SnapshotId } = await call('CreateSnapshot', (client, { CreateSnapshotCommand }) =>
        client.send(
          new CreateSnapshotCommand({
            VolumeId: volumeId,
            Description: description,
            TagSpecifications: tagging(tags, 'snapshot')
          })
        )
      )
      return SnapshotId ?? ''
    },
    async untag(ids, names) {
      await call('DeleteTags', (client, { DeleteTagsCommand }) =>
        client.send(new DeleteTagsCommand({ Resources: [...ids], Tags: names.map((Key) => ({ Key })) }))
      )
    }
  }
}
