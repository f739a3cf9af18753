import { catalogueImages, machineArchitecture } from '../../catalogue.ts'
import type { Action, Actions, Context } from '../action.ts'
import { checkImages, imageOfInstance } from '../images/image-rules.ts'
import { Ec2Error, invalidValue, notFound } from '../protocol/error.ts'
import { checkIdForm, freshId } from '../protocol/ids.ts'
import { nextSequence, type InstanceRecord, type OwnImage, type State } from '../state.ts'
import { putTags, readTagSpecifications } from '../tagging.ts'

/** An image is pending for at least so long, so that it can be seen. */
const pendingMs = 800

const nameForm = /^[A-Za-z0-9()[\] ./'@_-]{3,128}$/

function readName(name: string): string {
  if (nameForm.test(name)) return name
  throw new Ec2Error(
    'InvalidAMIName.Malformed',
    'AMI names must be between 3 and 128 characters long, and may contain letters, numbers, \'(\', \')\', \'.\', \'-\', ' +
      "'/', '_', '[', ']', '@' and spaces"
  )
}

function sourceOf(state: State, id: string): InstanceRecord {
  checkIdForm([id], 'i', 'InvalidInstanceID.Malformed')
  const instance = state.instances.find((candidate) => candidate.id === id && candidate.state !== 'terminated')
  if (!instance) throw notFound('InvalidInstanceID.NotFound', 'instance ID', [id])
  if ((instance.state === 'running' || instance.state === 'stopped') && instance.booted) return instance
  throw new Ec2Error('IncorrectState', `Instance '${id}' is not in a state from which an image can be made: ${instance.state}`)
}

/** Its content is fixed when the call answers, as with EC2's snapshots; it becomes available a little later. */
const createImage: Action = {
  accepts: ['InstanceId', 'Name', 'Description', 'NoReboot', 'TagSpecification'],
  refuses: ['BlockDeviceMapping', 'SnapshotLocation'],
  async run(parameters, context) {
    const instanceId = parameters.required('InstanceId')
    const name = readName(parameters.required('Name'))
    const description = parameters.text('Description') ?? ''
    if (description.length > 255) throw invalidValue(`${description.slice(0, 20)}…`, 'Description', 'At most 255 characters.')
    const reboot = !(parameters.boolean('NoReboot') ?? false)
    const tags = readTagSpecifications(parameters, ['image', 'snapshot'])
    const image = await context.change((draft) => {
      const source = sourceOf(draft, instanceId)
      const taken = catalogueImages.find((known) => known.name === name)
        ?? draft.images.find((known) => known.name === name && known.state !== 'deregistered')
      if (taken) throw new Ec2Error('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${taken.id}`)
      const root = source.volumes[0]
      const made: OwnImage = {
        id: freshId('ami'), sequence: nextSequence(draft), name, description, sourceInstanceId: instanceId,
        architecture: imageOfInstance(draft, source.imageId)?.architecture ?? machineArchitecture,
        createdAt: new Date().toISOString(), rootDevice: root?.device ?? '/dev/xvda', snapshotId: freshId('snap'),
        rootGib: root?.sizeGib ?? 8, encrypted: root?.encrypted ?? false, state: 'capturing', availableAt: 0, reason: ''
      }
      draft.images.push(made)
      putTags(draft, made.id, tags.get('image'))
      return { ...made, volumeId: root?.id ?? '' }
    })
    await capture(image, tags.get('snapshot'), context)
    // EC2 shuts the machine down first; here only its reboot shows, for its files are copied as they are anyway.
    if (reboot && context.state.instances.some(({ id, state }) => id === instanceId && state === 'running')) {
      context.fleet.reboot(instanceId)
    }
    return { imageId: image.id }
  }
}

async function capture(
  image: OwnImage & { volumeId: string }, tags: Readonly<Record<string, string>> | undefined, context: Context
): Promise<void> {
  const settle = (change: Partial<OwnImage>) => context.change((draft) => {
    const found = draft.images.find((candidate) => candidate.id === image.id)
    // Deregistered while its files were copied.
    if (found?.state === 'capturing') Object.assign(found, change)
    return found?.state
  })
  try {
    await context.machines.images.capture(image.sourceInstanceId, image.id)
  } catch (error) {
    await settle({ state: 'failed', reason: `Client.InternalError: ${error instanceof Error ? error.message : String(error)}` })
    return
  }
  const now = await settle({ state: 'captured', availableAt: Date.now() + pendingMs })
  if (now !== 'captured') return context.machines.images.remove(image.id)
  await context.change((draft) => {
    draft.snapshots.push({
      id: image.snapshotId, sequence: nextSequence(draft), volumeId: image.volumeId, sizeGib: image.rootGib,
      encrypted: image.encrypted, description: `Created by CreateImage(${image.sourceInstanceId}) for ${image.id}`,
      startedAt: image.createdAt, state: 'completed', progress: 100
    })
    putTags(draft, image.snapshotId, tags)
  })
}

/** The snapshot stays, as on EC2, until it is deleted. */
const deregisterImage: Action = {
  accepts: ['ImageId'],
  refuses: ['DeleteAssociatedSnapshots'],
  async run(parameters, context) {
    const id = parameters.required('ImageId')
    checkImages([id], context.state)
    if (catalogueImages.some((image) => image.id === id)) {
      throw new Ec2Error('AuthFailure', `Not authorized for image:${id}`, 403)
    }
    await context.change((draft) => {
      const image = draft.images.find((candidate) => candidate.id === id)
      if (!image) return
      delete draft.tags[id]
      image.state = 'deregistered'
      // Instances that were launched from it still tell its architecture and root device.
      if (!draft.instances.some((instance) => instance.imageId === id)) {
        draft.images = draft.images.filter((candidate) => candidate !== image)
      }
    })
    await context.machines.images.remove(id)
    return { return: true }
  }
}

export const ownImageActions: Actions = { CreateImage: createImage, DeregisterImage: deregisterImage }
