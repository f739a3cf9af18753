import type { Image } from '@aws-sdk/client-ec2'
import type { CloudImages, ImageRecord } from '../../core/ports/index.ts'
import { RmadaError } from '../../core/error.ts'
import { ec2Code } from './errors.ts'
import { toMachineImage } from './image-records.ts'
import type { Session } from './session.ts'
import { fromTags, tagging, withTags } from './tags.ts'

const states: Readonly<Record<string, ImageRecord['state']>> = {
  available: 'available', pending: 'pending', transient: 'pending', failed: 'failed', error: 'failed', invalid: 'failed'
}

function toRecord(found: Image): ImageRecord | null {
  const image = toMachineImage(found)
  if (image === null) return null
  const snapshots = (found.BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
    Ebs?.SnapshotId ? [{ id: Ebs.SnapshotId, sizeGib: Ebs.VolumeSize ?? 0 }] : [])
  return {
    image: { ...image, own: true }, state: states[found.State ?? ''] ?? 'other',
    reason: found.StateReason?.Message ?? '', tags: fromTags(found.Tags), snapshots
  }
}

async function ownImages(session: Session): Promise<readonly ImageRecord[]> {
  return session.call('DescribeImages', async (client, { paginateDescribeImages }) => {
    const images: Image[] = []
    for await (const page of paginateDescribeImages({ client }, { Owners: ['self'] })) images.push(...(page.Images ?? []))
    return images.map(toRecord).filter((image) => image !== null)
  })
}

/** The verbs of Cloud about images that the account makes and removes. */
export function ownImageVerbs(session: Session): CloudImages {
  return {
    ownImages: () => ownImages(session),
    async createImage({ instanceId, name, description, tags }) {
      try {
        const { ImageId } = await session.call('CreateImage', (client, { CreateImageCommand }) =>
          client.send(new CreateImageCommand({
            InstanceId: instanceId, Name: name, NoReboot: true, TagSpecifications: tagging(tags, 'image', 'snapshot'),
            ...(description === '' ? {} : { Description: description })
          })))
        return ImageId ?? ''
      } catch (error) {
        if (ec2Code(error) !== 'InvalidAMIName.Duplicate') throw error
        throw new RmadaError('IMAGE_NAME_IN_USE', `Another image of the account has this name: ${name}`, {
          suggestion: 'Choose another name, or deregister that image first.', cause: error
        })
      }
    },
    async deregisterImage(id) {
      try {
        await session.call('DeregisterImage', (client, { DeregisterImageCommand }) =>
          client.send(new DeregisterImageCommand({ ImageId: id })))
      } catch (error) {
        if (!/^InvalidAMIID\.(NotFound|Unavailable)$/.test(ec2Code(error))) throw error
      }
    },
    imageSnapshots: (tags) => session.call('DescribeSnapshots', async (client, { paginateDescribeSnapshots }) => {
      const found = []
      const query = { OwnerIds: ['self'], Filters: withTags(tags) }
      for await (const page of paginateDescribeSnapshots({ client }, query)) {
        for (const { SnapshotId, Progress, State, Tags } of page.Snapshots ?? []) {
          if (!SnapshotId) continue
          const done = State === 'completed' ? 100 : Number.parseFloat(Progress ?? '') || 0
          found.push({ id: SnapshotId, progress: Math.min(1, done / 100), tags: fromTags(Tags) })
        }
      }
      return found
    }),
    async deleteImageSnapshot(id) {
      try {
        // A snapshot stays in use for a moment after its image has gone.
        await session.patiently(/^InvalidSnapshot\.InUse$/, session.patience.notYetKnown, () =>
          session.call('DeleteSnapshot', (client, { DeleteSnapshotCommand }) =>
            client.send(new DeleteSnapshotCommand({ SnapshotId: id }))))
        return true
      } catch (error) {
        if (ec2Code(error) === 'InvalidSnapshot.NotFound') return true
        if (ec2Code(error) === 'InvalidSnapshot.InUse') return false
        throw error
      }
    }
  }
}
