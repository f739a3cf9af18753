import { describe, expect, it } from 'vitest'
import { networkIdTag, networkTag } from '../../core/resource-names.ts'
import { context, ended, launch, startManager } from '../testing/drive.ts'
import { FakeCloud } from '../testing/fake-cloud.ts'
import { fakePorts } from '../testing/fake-ports.ts'

const region = { region: 'practice-1' }

/** A network of this computer, one of another computer on the same account, and things of nobody. */
async function mixed() {
  const cloud = new FakeCloud()
  const elsewhere = await startManager(fakePorts({ cloud, randomHex: bytes => 'e'.repeat(bytes * 2) }))
  await launch(elsewhere, { name: 'theirs' })
  await elsewhere.stop()
  const theirs = cloud.left()
  const ports = fakePorts({ cloud })
  const manager = await startManager(ports)
  await launch(manager, { name: 'mine' })
  const mine = cloud.left().filter(id => !theirs.includes(id))
  const lost = { [networkIdTag]: 'lost-1', [networkTag]: 'lost' }
  cloud.keyPairsById.set('key-lost', { id: 'key-lost', name: 'rmada-lost', fingerprint: '', tags: lost })
  cloud.groupsById.set('sg-lost', { id: 'sg-lost', name: 'rmada-lost', vpcId: 'v', tags: lost, rules: [] })
  cloud.keyPairsById.set('key-user', { id: 'key-user', name: 'rmada-looks-alike', fingerprint: '', tags: {} })
  return { cloud, ports, manager, mine, theirs }
}

describe('what was left behind', () => {
  it('is all that carries our tags and no network here accounts for, with what it costs', async () => {
    const { manager, theirs } = await mixed()
    const { orphans, pricePerHour } = await manager.handlers['orphans.list'](region, context)
    expect(orphans.map(one => one.id).toSorted()).toEqual([...theirs, 'key-lost', 'sg-lost'].toSorted())
    expect(orphans.filter(one => one.inUse).map(one => one.id).toSorted()).toEqual(theirs.toSorted())
    expect(orphans.find(one => one.id === 'sg-lost')).toEqual({
      id: 'sg-lost', kind: 'security-group', name: 'rmada-lost', region: 'practice-1', state: '', network: 'lost',
      networkId: 'lost-1', inUse: false, pricePerHour: 0
    })
    expect(pricePerHour).toBe(0.17)
    await manager.stop()
  })

  it('goes when it is named, in an order that works, and nothing else does', async () => {
    const { manager, cloud, mine, theirs } = await mixed()
    const ids = [...theirs, 'key-lost', 'sg-lost']
    const task = await ended(manager, await manager.handlers['orphans.remove']({ ...region, ids, confirm: true }, context))
    expect(task).toMatchObject({ kind: 'remove-orphans', state: 'succeeded', error: null })
    expect(cloud.left().toSorted()).toEqual([...mine, 'key-user'].toSorted())
    expect((await manager.handlers['orphans.list'](region, context)).orphans).toEqual([])
    await manager.stop()
  })

  it.each([[[]], [['key-user']], [['sg-lost', 'i-unknown']]])('refuses %j, and removes nothing', async ids => {
    const { manager, cloud } = await mixed()
    const before = cloud.left()
    await expect(manager.handlers['orphans.remove']({ ...region, ids, confirm: true }, context))
      .rejects.toMatchObject({ code: 'ORPHAN_UNKNOWN' })
    expect(cloud.left()).toEqual(before)
    await manager.stop()
  })

  it('never holds what a network of this computer owns', async () => {
    const { manager, mine, cloud } = await mixed()
    await expect(manager.handlers['orphans.remove']({ ...region, ids: [mine[0] ?? ''], confirm: true }, context))
      .rejects.toMatchObject({ code: 'ORPHAN_UNKNOWN' })
    expect(cloud.left()).toEqual(expect.arrayContaining(mine))
    await manager.stop()
  })

  it('holds volumes by their size, snapshots without an image, and live Spot requests', async () => {
    const { manager, cloud } = await mixed()
    const lost = { [networkIdTag]: 'lost-1', [networkTag]: 'lost' }
    cloud.volumes = async () => [{
      id: 'vol-lost', state: 'available', zone: 'r-a', sizeGib: 730, type: 'gp3', encrypted: true,
      createdAt: '2026-01-01T00:00:00Z', attachment: null, tags: lost
    }]
    cloud.imageSnapshots = async () => [{ id: 'snap-lost', progress: 1, tags: { 'rmada:image': 't' } }]
    cloud.spotRequests = async () => ['active', 'closed'].map(state =>
      ({ id: `sir-${state}`, state, instanceId: null, tags: lost }))
    const { orphans, pricePerHour } = await manager.handlers['orphans.list'](region, context)
    const price = (id: string) => orphans.find(one => one.id === id)?.pricePerHour
    expect([price('vol-lost'), price('snap-lost'), price('sir-active'), price('sir-closed')]).toEqual([0.08, null, 0, undefined])
    expect(pricePerHour).toBeNull()
    const deleted: string[] = []
    cloud.deleteVolume = async id => { deleted.push(id) }
    cloud.deleteImageSnapshot = async id => { deleted.push(id); return true }
    cloud.cancelSpotRequests = async ids => { deleted.push(...ids) }
    await ended(manager, await manager.handlers['orphans.remove']({
      ...region, ids: ['snap-lost', 'vol-lost', 'sir-active'], confirm: true
    }, context))
    expect(deleted).toEqual(['sir-active', 'vol-lost', 'snap-lost'])
    await manager.stop()
  })

  it('says what could not be removed', async () => {
    const { manager, cloud } = await mixed()
    cloud.before = method => { if (method === 'deleteKeyPair') throw new Error('refused') }
    const task = await ended(manager,
      await manager.handlers['orphans.remove']({ ...region, ids: ['sg-lost', 'key-lost'], confirm: true }, context))
    expect(task).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('key-lost: refused') } })
    expect(cloud.groupsById.has('sg-lost')).toBe(false)
    await manager.stop()
  })
})

it('one network\'s failure never touches another\'s things', async () => {
  const { manager, cloud, mine } = await mixed()
  const others = cloud.left().filter(id => !mine.includes(id))
  for (const failing of ['terminateInstances', 'deletePlacementGroup', 'deleteSecurityGroup', 'deleteKeyPair']) {
    cloud.before = method => { if (method === failing) throw new Error(`refused: ${failing}`) }
    await ended(manager, await manager.handlers['networks.terminate']({ name: 'mine' }, context))
    expect(cloud.left()).toEqual(expect.arrayContaining(others))
  }
  cloud.before = () => {}
  await ended(manager, await manager.handlers['networks.terminate']({ name: 'mine' }, context))
  expect(cloud.left().toSorted()).toEqual(others.toSorted())
  await manager.stop()
})
