import { describe, expect, it } from 'vitest'
import type { SaveImage, Task } from '../../../contract/index.ts'
import { imageTag } from '../../core/image-tags.ts'
import type { Manager } from '../manager.ts'
import { context, ended, launch, startManager } from '../testing/drive.ts'
import { refused } from '../testing/fake-cloud.ts'
import { fakePorts } from '../testing/fake-ports.ts'
import type { FakePorts } from '../testing/fake-ports.ts'

const region = 'practice-1'

async function withNetwork(): Promise<{ ports: FakePorts; manager: Manager }> {
  const ports = fakePorts()
  const manager = await startManager(ports)
  await launch(manager)
  return { ports, manager }
}

const save = async (manager: Manager, input: Partial<SaveImage> = {}): Promise<Task> =>
  ended(manager, await manager.handlers['images.save']({ network: 'demo', name: 'my image', ...input }, context))

const list = (manager: Manager) => manager.handlers['images.list']({ region }, context)

const masterNode = (ports: FakePorts) => {
  const master = ports.cloud.alive().find(one => one.tags['rmada:role'] === 'master')
  return ports.fakeSsh.nodes.get(master?.id ?? '')
}

describe('saving a master as an image', () => {
  it('makes it while the secrets are off the disk, with its tags in the creating call, and waits', async () => {
    const { ports, manager } = await withNetwork()
    const seen: unknown[] = []
    ports.cloud.before = method => {
      if (method === 'createImage') seen.push(masterNode(ports)?.withdrawn, ports.disk.journal.at(-1)?.phase)
    }
    const task = await save(manager)
    expect(task).toMatchObject({ kind: 'save-image', network: 'demo', state: 'succeeded', progress: 1, error: null })
    expect(seen).toEqual([true, 'intent'])
    expect(masterNode(ports)?.withdrawn).toBe(false)
    expect(await list(manager)).toMatchObject([{
      name: 'my image', state: 'available', ours: true, network: 'demo',
      carries: { r: '4.4.1', openMpi: '4.1.4', rstudio: null, evaluator: '9', madeFrom: 'ami-x86_64' },
      snapshots: [{ sizeGib: 8, ours: true }], pricePerMonth: 0.4
    }])
    const [snapshot] = ports.cloud.imageSnapshotsById.values()
    const [image] = ports.cloud.ownImagesById.values()
    expect(snapshot?.tags).toEqual(image?.tags)
    expect(image?.tags).toMatchObject({ 'rmada:user': 'ec2-user', 'rmada:network': 'demo' })
    // What the network's own removal goes by is not on it: the image outlives its network.
    expect(image?.tags).not.toHaveProperty(['rmada:network-id'])
    expect(ports.disk.journal.filter(one => one.kind === 'image').map(one => one.phase)).toEqual(['intent', 'done'])
    await manager.stop()
  })

  it('puts everything back and leaves nothing to be billed when the cloud refuses', async () => {
    const { ports, manager } = await withNetwork()
    ports.cloud.before = method => { if (method === 'createImage') throw refused('no') }
    const task = await save(manager)
    expect(task).toMatchObject({ state: 'failed', error: { code: 'CLOUD_ERROR' } })
    expect(masterNode(ports)?.withdrawn).toBe(false)
    expect(ports.cloud.ownImagesById.size + ports.cloud.imageSnapshotsById.size).toBe(0)
    await manager.stop()
  })

  it('removes a failed image with its snapshots and says why it failed', async () => {
    const { ports, manager } = await withNetwork()
    ports.cloud.pendingImageLooks = 1000
    ports.cloud.before = method => {
      if (method !== 'imageSnapshots') return
      for (const [id, one] of ports.cloud.ownImagesById) {
        ports.cloud.ownImagesById.set(id, { ...one, state: 'failed', reason: 'Client.InternalError' })
      }
    }
    const task = await save(manager)
    expect(task.error?.message).toBe('The cloud could not make the image my image: Client.InternalError')
    expect(ports.cloud.ownImagesById.size + ports.cloud.imageSnapshotsById.size).toBe(0)
    await manager.stop()
  })

  it('is taken back when it is cancelled while the cloud copies', async () => {
    const { ports, manager } = await withNetwork()
    ports.cloud.pendingImageLooks = 1_000_000
    const task = await manager.handlers['images.save']({ network: 'demo', name: 'my image' }, context)
    ports.cloud.before = async method => {
      if (method !== 'imageSnapshots' || ports.cloud.ownImagesById.size === 0) return
      const now = await manager.handlers['tasks.get']({ id: task.id }, context)
      if (now.cancellable && now.steps.some(step => step.name === 'copy' && step.state === 'running')) {
        await manager.handlers['tasks.cancel']({ id: task.id }, context)
      }
    }
    expect(await ended(manager, task)).toMatchObject({ state: 'cancelled' })
    expect(ports.cloud.ownImagesById.size + ports.cloud.imageSnapshotsById.size).toBe(0)
    await manager.stop()
  })

  it('keeps other tasks off the network while its disk is bare', async () => {
    const { ports, manager } = await withNetwork()
    let refusal: unknown = null
    ports.cloud.before = async method => {
      if (method !== 'createImage') return
      refusal = await manager.handlers['networks.terminate']({ name: 'demo' }, context).catch((error: unknown) => error)
    }
    expect((await save(manager)).state).toBe('succeeded')
    expect(refusal).toMatchObject({ code: 'NETWORK_BUSY' })
    expect((await ended(manager, await manager.handlers['networks.terminate']({ name: 'demo' }, context))).state)
      .toBe('succeeded')
    expect(await list(manager)).toHaveLength(1)
    await manager.stop()
  })

  it.each([
    ['ab', 'IMAGE_NAME_INVALID'], ['ünder', 'IMAGE_NAME_INVALID'], ['x'.repeat(10_000), 'IMAGE_NAME_INVALID'],
    ['a\nb c', 'IMAGE_NAME_INVALID']
  ])('refuses the name %j before anything is done', async (name, code) => {
    const { ports, manager } = await withNetwork()
    const before = ports.fakeSsh.commands.length
    await expect(manager.handlers['images.save']({ network: 'demo', name }, context)).rejects.toMatchObject({ code })
    await expect(manager.handlers['images.save']({ network: 'demo', name: 'fine', description: 'x'.repeat(300) }, context))
      .rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(ports.fakeSsh.commands).toHaveLength(before)
    await manager.stop()
  })

  it('refuses a name that is taken', async () => {
    const { manager } = await withNetwork()
    await save(manager)
    await expect(manager.handlers['images.save']({ network: 'demo', name: 'my image' }, context))
      .rejects.toMatchObject({ code: 'IMAGE_NAME_IN_USE' })
    await manager.stop()
  })
})

describe('deregistering', () => {
  it('wants the name once more, and takes the snapshots of the image along', async () => {
    const { ports, manager } = await withNetwork()
    await save(manager)
    const id = (await list(manager))[0]?.id ?? ''
    const deregister = (confirm: string) => manager.handlers['images.deregister']({ region, id, confirm }, context)
    await expect(deregister('other')).rejects.toMatchObject({ code: 'CONFIRMATION_MISSING' })
    expect(ports.cloud.ownImagesById.size).toBe(1)
    expect(await deregister('my image')).toMatchObject({ id, deletedSnapshots: [expect.stringMatching(/^snap-/)], keptSnapshots: [] })
    expect(ports.cloud.ownImagesById.size + ports.cloud.imageSnapshotsById.size).toBe(0)
    await expect(deregister('my image')).rejects.toMatchObject({ code: 'IMAGE_UNKNOWN' })
    await manager.stop()
  })

  it('leaves images and snapshots alone that Rmada did not make', async () => {
    const { ports, manager } = await withNetwork()
    await save(manager)
    const [made] = ports.cloud.ownImagesById.values()
    if (!made) throw new Error('No image was made')
    const { [imageTag]: _tag, ...tags } = made.tags
    ports.cloud.ownImagesById.set('ami-theirs', { ...made, tags, image: { ...made.image, id: 'ami-theirs' } })
    await expect(manager.handlers['images.deregister']({ region, id: 'ami-theirs', confirm: 'my image' }, context))
      .rejects.toMatchObject({ code: 'IMAGE_NOT_OURS' })
    // Another image needs the same snapshot: it stays.
    const reply = await manager.handlers['images.deregister']({ region, id: made.image.id, confirm: made.image.id }, context)
    expect(reply).toMatchObject({ deletedSnapshots: [], keptSnapshots: made.snapshots.map(one => one.id) })
    expect([...ports.cloud.ownImagesById.keys()]).toEqual(['ami-theirs'])
    await manager.stop()
  })
})

describe('the catalogue of images', () => {
  it('says why each does not fit a type, and looks up an id that was typed in', async () => {
    const { manager } = await withNetwork()
    const images = await manager.handlers['catalogue.images']({ region, instanceType: 'c6g.large' }, context)
    expect(images.map(one => [one.id, one.unfit])).toEqual([
      ['ami-x86_64', 'The image ami-x86_64 is built for x86_64, and c6g.large has arm64.'], ['ami-arm64', null]
    ])
    await expect(manager.handlers['catalogue.images']({ region, instanceType: 'c9.huge' }, context))
      .rejects.toMatchObject({ code: 'INSTANCE_TYPE_UNKNOWN' })
    expect(await manager.handlers['catalogue.images']({ region, image: 'ami-nowhere' }, context)).toHaveLength(2)
    await manager.stop()
  })
})
