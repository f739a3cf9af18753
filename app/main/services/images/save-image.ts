import type { ImageContents, SaveImage, Task } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import { checkImageName } from '../../core/image-name.ts'
import { imageTag, imageTags } from '../../core/image-tags.ts'
import type { Cloud, InstanceRecord, NetworkRecord } from '../../core/ports/index.ts'
import type { StepPlan } from '../../core/progress.ts'
import type { Workshop } from '../launch/work.ts'
import { limits } from '../limits.ts'
import type { KnownNetwork } from '../networks/registry.ts'
import type { RegionWatch } from '../networks/region-watch.ts'
import { masterOf, recordOf } from '../reach/connections.ts'
import type { Catalogue } from '../regions/catalogue.ts'
import type { TaskProgress, Tasks } from '../tasks/tasks.ts'
import { isHalting } from '../tasks/tasks.ts'
import { readContents, withdrawn } from './image-script.ts'

const steps: readonly StepPlan[] = [
  { name: 'contents', title: 'Look at what the master carries', weight: 1 },
  { name: 'create', title: 'Make the image without the network\'s secrets', weight: 3 },
  { name: 'copy', title: 'Wait until the cloud has copied the disk', weight: 12 }
]

interface Saving extends Workshop {
  readonly network: KnownNetwork
  readonly record: NetworkRecord
  readonly master: InstanceRecord
  readonly watch: RegionWatch
  readonly token: string
  readonly name: string
  readonly description: string
  readonly progress: TaskProgress
  readonly signal: AbortSignal
}

/** Makes machine images of running masters. The master goes on running, and gets back what must not be in the image. */
export class ImageSaver {
  readonly #workshop: Workshop
  readonly #tasks: Tasks
  readonly #catalogue: Catalogue

  constructor(workshop: Workshop, tasks: Tasks, catalogue: Catalogue) {
    this.#workshop = workshop
    this.#tasks = tasks
    this.#catalogue = catalogue
  }

  /** `network` is one that runs. A name that is taken is told here, before anything is done to the master. */
  async save(network: KnownNetwork, { name, description = '' }: SaveImage): Promise<Task> {
    checkImageName(name, description)
    const watch = await this.#workshop.fleet.attend(network.region)
    const taken = (await watch.region.cloud.ownImages()).some(({ image }) => image.name === name)
    if (taken) throw nameInUse(name)
    const record = recordOf(network)
    const master = masterOf(network)
    const token = this.#workshop.ports.randomHex(8)
    return this.#tasks.run(this.#tasks.newId(), {
      kind: 'save-image', network: record.spec.name, title: `Save ${record.spec.name} as image ${name}`, steps,
      cancellable: true
    }, async (progress, signal) => {
      await saveImage({
        ...this.#workshop, network, record, master, watch, token, name, description, progress, signal
      })
      this.#catalogue.forgetImages(network.region)
    })
  }
}

async function saveImage(saving: Saving): Promise<void> {
  const { connections, fleet, network, ports, progress, record, watch } = saving
  progress.begin('contents', 'Looking at what the master carries.')
  const connection = await connections.toMaster(network, { signal: saving.signal })
  const programs = await readContents(ports, connection)
  const contents: ImageContents = {
    ...programs, madeAt: ports.clock.now().toISOString(), madeFrom: record.spec.image
  }
  refuseCancelled(saving.signal)
  progress.begin('create', 'Taking the network\'s secrets off the disk and making the image.')
  try {
    // No reboot: it would end the computations of the network, and what is withdrawn is kept in the master's memory.
    const id = await fleet.registry.hold(network.id, async () =>
      withdrawn(ports, connection, async () => createFixed(saving, contents)))
    await note(saving, 'done', id)
    progress.begin('copy', `Waiting until ${id} is available.`)
    await awaitAvailable(saving, id)
  } catch (error) {
    if (isHalting(saving.signal)) throw error
    throw await takenBack(saving, watch.region.cloud, error)
  }
}

/** Makes the image and waits until its snapshots exist: from then on what is written to the disk is not in it. */
async function createFixed(saving: Saving, contents: ImageContents): Promise<string> {
  const { master, name, description, network, ports, record, token, watch } = saving
  const { cloud } = watch.region
  const tags = imageTags(
    { name, token, user: record.spec.user, network: record.spec.name, networkId: network.id }, contents
  )
  await note(saving, 'intent', null)
  const id = await cloud.createImage({ instanceId: master.id, name, description, tags }).catch(async (error: unknown) => {
    // A reply may be lost on its way: then the image of our token is there, and the second try found its name taken.
    const made = (await cloud.ownImages()).find(one => one.tags[imageTag] === token)
    if (made === undefined) throw error
    return made.image.id
  })
  const deadline = ports.clock.now().getTime() + limits.imageFixedMs
  while ((await cloud.imageSnapshots({ [imageTag]: token })).length === 0) {
    if (ports.clock.now().getTime() > deadline) throw tooLate(`The snapshots of ${id} were not begun`, limits.imageFixedMs)
    await ports.clock.sleep(watch.pace(limits.imagePollMs))
  }
  return id
}

async function awaitAvailable({ name, ports, progress, signal, token, watch }: Saving, id: string): Promise<void> {
  const { cloud } = watch.region
  const deadline = ports.clock.now().getTime() + limits.imageMs
  for (;;) {
    const [images, snapshots] = await Promise.all([cloud.ownImages(), cloud.imageSnapshots({ [imageTag]: token })])
    const found = images.find(one => one.image.id === id)
    if (found?.state === 'available') return
    if (found?.state === 'failed') {
      throw new RmadaError('CLOUD_ERROR', `The cloud could not make the image ${name}: ${found.reason || 'it gives no reason'}`, {
        suggestion: 'Save it again.', details: { image: id }
      })
    }
    const share = snapshots.reduce((sum, one) => sum + one.progress, 0) / Math.max(1, snapshots.length)
    progress.update(share, `${Math.round(share * 100)} % of the disk are copied into ${id}.`)
    if (ports.clock.now().getTime() > deadline) throw tooLate(`The image ${id} did not become available`, limits.imageMs)
    await ports.clock.sleep(watch.pace(limits.imagePollMs), signal)
  }
}

/** Removes what was made so far, so that a save that failed or was cancelled leaves nothing to be billed. */
async function takenBack({ progress, token }: Saving, cloud: Cloud, cause: unknown): Promise<RmadaError> {
  progress.beginExtra({ name: 'roll-back', title: 'Remove the image and its snapshots', weight: 1 }, 'Removing the image.')
  const failure = cause instanceof RmadaError ? cause : new RmadaError('INTERNAL',
    `Rmada met a defect of its own: ${cause instanceof Error ? cause.message : String(cause)}`, {
    suggestion: 'Please report it with the log.', cause
  })
  try {
    const images = (await cloud.ownImages()).filter(one => one.tags[imageTag] === token)
    for (const { image } of images) await cloud.deregisterImage(image.id)
    for (const { id } of await cloud.imageSnapshots({ [imageTag]: token })) await cloud.deleteImageSnapshot(id)
    return failure
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return new RmadaError(failure.code, failure.message, {
      suggestion: `${failure.suggestion} What was made could not be removed (${why}): deregister the image.`,
      details: failure.details, cause: failure
    })
  }
}

async function note({ network, ports, token }: Saving, phase: 'intent' | 'done', id: string | null): Promise<void> {
  await ports.journal.append({
    networkId: network.id, at: ports.clock.now().toISOString(), kind: 'image', phase, token, id
  })
}

function refuseCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return
  throw new RmadaError('CANCELLED', 'Saving the image was cancelled.', { suggestion: 'Nothing is left to be done.' })
}

const tooLate = (what: string, ms: number): RmadaError =>
  new RmadaError('TIMEOUT', `${what} within ${ms / 60_000} minutes.`, { suggestion: 'Save it again.' })

const nameInUse = (name: string): RmadaError =>
  new RmadaError('IMAGE_NAME_IN_USE', `Another image of the account has this name: ${name}`, {
    suggestion: 'Choose another name, or deregister that image first.'
  })
