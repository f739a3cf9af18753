import { describe, expect, it } from 'vitest'
import type { VolumeRecord } from '../../core/ports/index.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import { context, ended, launch, startManager } from '../testing/drive.ts'
import { fakePorts } from '../testing/fake-ports.ts'

const theirs: VolumeRecord = {
  id: 'vol-theirs', state: 'available', zone: 'r-b', sizeGib: 5, type: 'gp3', encrypted: false,
  createdAt: '2026-01-01T00:00:00Z', attachment: null, tags: { Name: 'mine' }
}
const region = 'practice-1'
const one = (ports: ReturnType<typeof fakePorts>) => {
  const [volume] = ports.cloud.volumesById.values()
  if (!volume) throw new Error('There is no volume')
  return volume
}
type Manager = Awaited<ReturnType<typeof startManager>>
const terminate = async (manager: Manager) =>
  ended(manager, await manager.handlers['networks.terminate']({ name: 'demo' }, context))

describe('a volume that is made with a network', () => {
  it('is intended on disk first, stands in the zone of the machines, and carries the network\'s tag', async () => {
    const ports = fakePorts()
    const order: string[] = []
    ports.cloud.before = method => { if (method === 'createVolume' || method === 'attachVolume') order.push(method) }
    ports.disk.after = async () => {
      const entry = ports.disk.journal.at(-1)
      if (entry?.kind === 'volume' && !order.includes(entry.phase)) order.push(entry.phase)
    }
    const manager = await startManager(ports)
    const task = await launch(manager, { volume: { new: { sizeGib: 7 } }, zone: 'r-b' })
    expect(task).toMatchObject({ state: 'succeeded' })
    expect(order).toEqual(['intent', 'createVolume', 'done', 'attachVolume'])
    const { id } = await manager.handlers['networks.get']({ name: 'demo' }, context)
    expect(one(ports)).toMatchObject({ sizeGib: 7, type: 'gp3', zone: 'r-b', state: 'in-use' })
    expect(one(ports).tags[networkIdTag]).toBe(id)
    await manager.stop()
  })

  it('is kept when the network ends, and is then nobody\'s but its owner\'s', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    await launch(manager, { volume: { new: { sizeGib: 7 } } })
    const task = await terminate(manager)
    expect(task).toMatchObject({ state: 'succeeded' })
    expect(one(ports).tags).not.toHaveProperty(networkIdTag)
    expect(one(ports).tags).toHaveProperty('rmada:volume')
    expect(ports.cloud.left()).toEqual([])
    await manager.stop()
  })

  it('goes with the network when that was chosen, or when it was never mounted', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    await launch(manager, { volume: { new: { sizeGib: 7, deleteWithNetwork: true } } })
    await terminate(manager)
    expect(ports.cloud.volumesById.size).toBe(0)
    ports.cloud.before = method => { if (method === 'attachVolume') throw new Error('no') }
    expect(await launch(manager, { volume: { new: { sizeGib: 7 } } })).toMatchObject({ state: 'failed' })
    expect(ports.cloud.volumesById.size).toBe(1)
    await terminate(manager)
    expect(ports.cloud.volumesById.size).toBe(0)
    await manager.stop()
  })
})

describe('a volume of the user\'s own', () => {
  it('forces the zone, and is neither tagged nor deleted by a network', async () => {
    const ports = fakePorts()
    ports.cloud.volumesById.set(theirs.id, theirs)
    const manager = await startManager(ports)
    expect(await launch(manager, { volume: { id: theirs.id } })).toMatchObject({ state: 'succeeded' })
    expect((await manager.handlers['networks.get']({ name: 'demo' }, context)).zone).toBe('r-b')
    await terminate(manager)
    expect(one(ports).tags).toEqual(theirs.tags)
    await manager.stop()
  })

  it('is deleted only when its id is given twice, and nothing attached ever is', async () => {
    const ports = fakePorts()
    ports.cloud.volumesById.set(theirs.id, theirs)
    const manager = await startManager(ports)
    const remove = (confirm: string) => manager.handlers['volumes.delete']({ region, id: theirs.id, confirm }, context)
    await expect(remove('mine')).rejects.toMatchObject({ code: 'VOLUME_PROTECTED' })
    ports.cloud.volumesById.set(theirs.id, {
      ...theirs, state: 'in-use', attachment: { instanceId: 'i-other', device: '/dev/sdf', state: 'attached' }
    })
    await expect(remove(theirs.id)).rejects.toMatchObject({ code: 'VOLUME_IN_USE' })
    ports.cloud.volumesById.set(theirs.id, theirs)
    await remove(theirs.id)
    expect(ports.cloud.volumesById.size).toBe(0)
    await manager.stop()
  })

  it('that is a root volume is never taken off its instance', async () => {
    const ports = fakePorts()
    ports.cloud.volumesById.set(theirs.id, {
      ...theirs, state: 'in-use', attachment: { instanceId: 'i-other', device: '/dev/xvda', state: 'attached' }
    })
    const manager = await startManager(ports)
    await expect(manager.handlers['volumes.detach']({ region, id: theirs.id }, context))
      .rejects.toMatchObject({ code: 'VOLUME_PROTECTED' })
    expect(ports.cloud.calls).not.toContain('detachVolume')
    await manager.stop()
  })
})

it('a mount that fails names the node and the reason, and fails the step', async () => {
  const ports = fakePorts()
  const manager = await startManager(ports)
  ports.fakeSsh.before = (_id, command) => command === 'sh -s' && [...ports.cloud.volumesById.values()].some(one => one.attachment)
    ? { stdout: '', stderr: 'rmada: the file system (xfs) of vol-1 could not be mounted\n', exitCode: 1 } : null
  const task = await launch(manager, { volume: { new: { sizeGib: 7 } } })
  expect(task.steps.find(step => step.name === 'mount-volume')).toMatchObject({ state: 'failed' })
  expect(task).toMatchObject({ state: 'failed' })
  expect(task.error?.message).toMatch(/\(i-\d+\).*the file system \(xfs\) of vol-1 could not be mounted/)
  await manager.stop()
})
