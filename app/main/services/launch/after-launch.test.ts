import { describe, expect, it } from 'vitest'
import type { Network, Task } from '../../../contract/index.ts'
import type { Manager } from '../manager.ts'
import { context, ended, launch, startManager } from '../testing/drive.ts'
import { refused } from '../testing/fake-cloud.ts'
import { fakePorts } from '../testing/fake-ports.ts'

const get = (manager: Manager): Promise<Network> => manager.handlers['networks.get']({ name: 'demo' }, context)

async function running(instances = 3) {
  const ports = fakePorts()
  const manager = await startManager(ports)
  expect((await launch(manager, { instances })).state).toBe('succeeded')
  ports.cloud.calls.length = 0
  const done = async (task: Promise<Task>): Promise<Task> => ended(manager, await task)
  return { ports, manager, done }
}

const hostfiles = (ports: Awaited<ReturnType<typeof running>>['ports']): (string | undefined)[] =>
  ports.cloud.alive().map(one => ports.fakeSsh.nodes.get(one.id)?.files.get('~/ompi-hostfile'))

describe('stop and start', () => {
  it('stops the bill of the instances and says what still costs', async () => {
    const { ports, manager, done } = await running()
    const task = await done(manager.handlers['networks.stop']({ name: 'demo' }, context))
    expect(task).toMatchObject({ kind: 'stop', state: 'succeeded', error: null })
    expect(await get(manager)).toMatchObject({
      status: 'stopped', pricePerHour: 0, message: expect.stringContaining('their disks do')
    })
    expect(ports.cloud.alive().map(one => one.state)).toEqual(['stopped', 'stopped', 'stopped'])
    expect(ports.fakeSsh.open.size).toBe(0)
    await manager.stop()
  })

  it('comes up again at other addresses, with everything made anew', async () => {
    const { ports, manager, done } = await running()
    const before = (await get(manager)).instances.map(one => one.publicIp)
    await done(manager.handlers['networks.stop']({ name: 'demo' }, context))
    ports.fakeSsh.targets.length = 0
    const task = await done(manager.handlers['networks.start']({ name: 'demo' }, context))
    expect(task).toMatchObject({ kind: 'start', state: 'succeeded', error: null })
    const after = await get(manager)
    expect(after).toMatchObject({ status: 'running', message: '' })
    expect(after.instances.some(one => before.includes(one.publicIp))).toBe(false)
    expect(ports.fakeSsh.targets.map(one => one.host).toSorted())
      .toEqual(after.instances.map(one => one.publicIp ?? '').toSorted())
    expect(ports.cloud.calls).not.toContain('runInstances')
    await manager.stop()
  })

  it('refuses what makes no sense: to start what runs, to stop Spot instances', async () => {
    const { ports, manager } = await running()
    await expect(manager.handlers['networks.start']({ name: 'demo' }, context))
      .rejects.toMatchObject({ code: 'NETWORK_NOT_RUNNING' })
    for (const [id, machine] of ports.cloud.machines) ports.cloud.machines.set(id, { ...machine, spotRequestId: 'sir-1' })
    await ended(manager, await manager.handlers['networks.repair']({ name: 'demo' }, context))
    await expect(manager.handlers['networks.stop']({ name: 'demo' }, context))
      .rejects.toMatchObject({ code: 'NETWORK_NOT_STOPPABLE' })
    expect(ports.cloud.calls.some(call => call.startsWith('stopInstances'))).toBe(false)
    await manager.stop()
  })
})

describe('nodes that are added', () => {
  it('become part of the network: hostfile and known_hosts on all nodes, one master, intent before the rental', async () => {
    const { ports, manager, done } = await running()
    const tokens = new Set([...ports.disk.records.values()].map(one => one.clientToken))
    const task = await done(manager.handlers['networks.addNodes']({ name: 'demo', count: 2 }, context))
    expect(task).toMatchObject({ kind: 'add-nodes', state: 'succeeded', error: null })
    const network = await get(manager)
    expect(network).toMatchObject({ status: 'running', pricePerHour: 0.425 })
    expect(network.instances.map(one => one.role)).toEqual(['master', 'slave', 'slave', 'slave', 'slave'])
    expect(new Set(hostfiles(ports))).toHaveLength(1)
    expect(hostfiles(ports)[0]?.trim().split('\n')).toHaveLength(5)
    const entry = ports.disk.journal.findLast(one => one.kind === 'instances' && one.phase === 'intent')
    expect(tokens.has(entry?.token ?? '')).toBe(false)
    await manager.stop()
  })

  it('that the cloud does not have leave the network as it was', async () => {
    const { ports, manager, done } = await running()
    ports.cloud.before = method => { if (method === 'runInstances') throw refused('capacity', 'CLOUD_CAPACITY') }
    const task = await done(manager.handlers['networks.addNodes']({ name: 'demo', count: 2 }, context))
    expect(task).toMatchObject({ state: 'failed', error: { code: 'CLOUD_CAPACITY' } })
    for await (const event of manager.handlers['networks.watch']({}, context)) {
      const [network] = event.kind === 'all' ? event.items : event.kind === 'changed' ? [event.item] : []
      if (network?.status === 'configuring') { ports.fakeClock.pass(60_000); continue }
      expect(network).toMatchObject({ status: 'running', message: '' })
      break
    }
    expect([...ports.disk.records.values()].map(one => one.spec.instances)).toEqual([3])
    await manager.stop()
  })

  it.each([0, -1, 1.5, 998, Number.NaN])('cannot be %d in number', async count => {
    const { ports, manager } = await running()
    await expect(manager.handlers['networks.addNodes']({ name: 'demo', count }, context))
      .rejects.toMatchObject({ code: 'COUNT_INVALID' })
    expect(ports.cloud.calls).not.toContain('runInstances')
    await manager.stop()
  })
})

describe('nodes that are removed', () => {
  it('are terminated and forgotten by all others', async () => {
    const { ports, manager, done } = await running()
    const [, leaving] = (await get(manager)).instances
    if (!leaving) throw new Error('There is a slave')
    const task = await done(manager.handlers['networks.removeNodes']({ name: 'demo', instances: [leaving.id] }, context))
    expect(task).toMatchObject({ kind: 'remove-nodes', state: 'succeeded', error: null })
    expect(ports.cloud.alive()).toHaveLength(2)
    expect(hostfiles(ports).every(file => !file?.includes(`${leaving.privateIp} `))).toBe(true)
    const network = await get(manager)
    expect(network.status).toBe('running')
    expect(network.instances.filter(one => one.state !== 'terminated')).toHaveLength(2)
    await manager.stop()
  })

  it('are never the master, nor foreign', async () => {
    const { ports, manager } = await running()
    const [master] = (await get(manager)).instances
    await expect(manager.handlers['networks.removeNodes']({ name: 'demo', instances: [master?.id ?? ''] }, context))
      .rejects.toMatchObject({ code: 'MASTER_NEEDED' })
    for (const instances of [[], ['i-foreign']]) {
      await expect(manager.handlers['networks.removeNodes']({ name: 'demo', instances }, context))
        .rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' })
    }
    expect(ports.cloud.calls).not.toContain('terminateInstances')
    await manager.stop()
  })
})

describe('rebooting single nodes', () => {
  it('touches these alone and checks the network afterwards', async () => {
    const { ports, manager, done } = await running()
    const [, slave] = (await get(manager)).instances
    const before = ports.cloud.before
    ports.cloud.before = method => { if (method === 'rebootInstances') ports.fakeSsh.reboot(); return before(method) }
    const task = await done(manager.handlers['networks.rebootInstances']({ name: 'demo', instances: [slave?.id ?? ''] },
      context))
    expect(task).toMatchObject({ kind: 'reboot', state: 'succeeded' })
    expect(ports.cloud.calls).toContain('rebootInstances 1')
    expect(task.steps.find(step => step.name === 'check-mpi')?.state).toBe('done')
    await expect(manager.handlers['networks.rebootInstances']({ name: 'demo', instances: ['i-0'] }, context))
      .rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' })
    await manager.stop()
  })
})
