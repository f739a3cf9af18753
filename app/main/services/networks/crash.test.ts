import { describe, expect, it } from 'vitest'
import { RmadaError } from '../../core/error.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import { context, ended, launch, startManager } from '../testing/drive.ts'
import { FakeCloud, refused } from '../testing/fake-cloud.ts'
import { FakeDisk, fakePorts } from '../testing/fake-ports.ts'
import type { FakePorts } from '../testing/fake-ports.ts'
import { FakeSsh } from '../testing/fake-ssh.ts'

/** A process that was killed does nothing more. */
const dead = (): Promise<never> => new Promise(() => {})

/** What a crash leaves behind, and the next manager on it. */
async function afterCrash(command: 'launch' | 'terminate', write: number, moment: 'before' | 'after') {
  const cloud = new FakeCloud()
  const disk = new FakeDisk()
  const fakeSsh = new FakeSsh()
  const first = await startManager(fakePorts({ cloud, disk, fakeSsh }))
  if (command === 'terminate') {
    await launch(first)
    disk.writes = 0
  }
  const crashed = Promise.withResolvers<void>()
  disk[moment] = async n => {
    if (n !== write) return
    crashed.resolve()
    await dead()
  }
  const task = command === 'launch'
    ? await first.handlers['networks.launch']({ region: 'practice-1', name: 'demo' }, context)
    : await first.handlers['networks.terminate']({ name: 'demo' }, context)
  const over = await Promise.race([crashed.promise.then(() => false), ended(first, task).then(() => true)])
  disk.before = async () => {}
  disk.after = async () => {}
  const ports = fakePorts({ cloud, disk, fakeSsh })
  return { over, ports, manager: await startManager(ports) }
}

type Found = Awaited<ReturnType<typeof afterCrash>>

async function listed({ manager }: Found) {
  return manager.handlers['networks.list']({}, context)
}

function nothingLeft(ports: FakePorts): void {
  expect(ports.cloud.left()).toEqual([])
  expect([ports.disk.records.size, ports.disk.keys.size, ports.disk.journal.length]).toEqual([0, 0, 0])
}

// A launch writes the disk this many times; the loop below proves that it is so.
const writes = 14
const points = Array.from({ length: writes }, (_, n) => n + 1)
  .flatMap(n => [[n, 'before'], [n, 'after']] as const)
  // After the last one the launch has ended.
  .filter(([n, moment]) => n < writes || moment === 'before')

describe('after a crash in a launch', () => {
  it('all points of it are tried', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    await launch(manager)
    expect(ports.disk.writes).toBe(writes)
    await manager.stop()
  })

  it.each(points)('at write %i, %s it, the next start shows all that is rented and can remove it',
    async (write, moment) => {
    const found = await afterCrash('launch', write, moment)
    expect(found.over).toBe(false)
    const networks = await listed(found)
    expect(networks.length).toBeGreaterThanOrEqual(found.ports.cloud.left().length > 0 ? 1 : 0)
    for (const network of networks) {
      expect(network).toMatchObject({ name: 'demo', status: 'failed', message: expect.stringContaining('interrupted') })
      const terminate = await found.manager.handlers['networks.terminate']({ name: 'demo' }, context)
      expect(await ended(found.manager, terminate)).toMatchObject({ state: 'succeeded' })
    }
    nothingLeft(found.ports)
    await found.manager.stop()
  })

  it.each(points)('at write %i, %s it, a repair brings it up with no machine too many', async (write, moment) => {
    const found = await afterCrash('launch', write, moment)
    const networks = await listed(found)
    for (const { name } of networks) {
      const repair = await found.manager.handlers['networks.repair']({ name }, context)
      expect(await ended(found.manager, repair)).toMatchObject({ state: 'succeeded', error: null })
    }
    expect((await listed(found)).map(network => network.status)).toEqual(networks.map(() => 'running'))
    expect(found.ports.cloud.alive()).toHaveLength(2 * networks.length)
    await found.manager.stop()
  })
})

describe('after a crash in a removal', () => {
  it.each([1, 2, 3, 4].flatMap(n => [[n, 'before'], [n, 'after']] as const))(
    'at write %i, %s it, terminating again leaves nothing', async (write, moment) => {
      const found = await afterCrash('terminate', write, moment)
      for (const network of await listed(found)) {
        const expected = write > 1 || moment === 'after' ? 'failed' : 'configuring'
        expect(network.status).toBe(expected)
        const task = await ended(found.manager,
          await found.manager.handlers['networks.terminate']({ name: network.name }, context))
        expect(task.state).toBe('succeeded')
      }
      nothingLeft(found.ports)
      await found.manager.stop()
    })
})

describe('the next start', () => {
  async function launched() {
    const cloud = new FakeCloud()
    const disk = new FakeDisk()
    const fakeSsh = new FakeSsh()
    const first = await startManager(fakePorts({ cloud, disk, fakeSsh }))
    await launch(first)
    await first.stop()
    return { cloud, disk, fakeSsh }
  }
  async function settled(shared: Awaited<ReturnType<typeof launched>>) {
    const ports = fakePorts(shared)
    const manager = await startManager(ports)
    for await (const event of manager.handlers['networks.watch']({}, context)) {
      const [network] = event.kind === 'all' ? event.items : event.kind === 'changed' ? [event.item] : []
      if (network && network.status !== 'configuring' && network.status !== 'pending') {
        return { ports, manager, network }
      }
    }
    throw new Error('The stream of networks ended')
  }

  it('shows a running network as running once its services answer', async () => {
    const shared = await launched()
    shared.cloud.calls.length = 0
    const { manager, network, ports } = await settled(shared)
    expect(network).toMatchObject({ status: 'running', keyHere: true })
    expect(ports.cloud.calls).not.toContain('runInstances')
    await manager.stop()
  })

  it('configures nodes anew whose addresses changed', async () => {
    const shared = await launched()
    for (const [id, machine] of shared.cloud.machines) {
      shared.cloud.machines.set(id, { ...machine, privateIp: `10.9.0.${id.slice(2)}` })
    }
    const { manager, network } = await settled(shared)
    expect(network.status).toBe('running')
    expect((await manager.handlers['tasks.list']({}, context)).map(task => [task.kind, task.state]))
      .toEqual([['repair', 'succeeded']])
    await manager.stop()
  })

  it('says that services are down where they are', async () => {
    const shared = await launched()
    shared.fakeSsh.before = (_id, command) => command.includes('evaluator')
      ? { stdout: '', stderr: 'no R', exitCode: 1 } : null
    const { manager, network } = await settled(shared)
    expect(network).toMatchObject({ status: 'services-not-running', message: expect.stringContaining('no R') })
    await expect(manager.handlers['evaluator.connect']({ name: 'demo' }, context))
      .rejects.toMatchObject({ code: 'NETWORK_NOT_RUNNING' })
    await manager.stop()
  })

  it('shows a network whose region does not answer, with the reason, and touches nothing', async () => {
    const shared = await launched()
    shared.cloud.before = () => { throw refused('gone', 'ENDPOINT_UNREACHABLE') }
    const { manager, network } = await settled(shared)
    expect(network).toMatchObject({ status: 'services-not-running', message: 'The cloud refused: gone' })
    expect(shared.disk.records.size).toBe(1)
    await manager.stop()
  })

  it('finds a network by the journal when its record is lost', async () => {
    const shared = await launched()
    shared.disk.records.clear()
    shared.disk.keys.clear()
    const ports = fakePorts(shared)
    const manager = await startManager(ports)
    const [network] = await manager.handlers['networks.list']({}, context)
    expect(network).toMatchObject({ name: 'demo', keyHere: false, status: 'services-not-running', slotsPerHost: 1 })
    await expect(manager.handlers['networks.reboot']({ name: 'demo' }, context))
      .rejects.toMatchObject({ code: 'SSH_AUTH_FAILED' })
    expect((await ended(manager, await manager.handlers['networks.terminate']({ name: 'demo' }, context))).state)
      .toBe('succeeded')
    nothingLeft(ports)
    await manager.stop()
  })

  it('remembers how a region was reached', async () => {
    const shared = await launched()
    const [record] = shared.disk.records.values()
    if (!record) throw new Error('There is a record')
    shared.disk.records.set(record.id, {
      ...record, spec: { ...record.spec, region: 'lab' }, access: { endpoint: 'http://127.0.0.1:4566', profile: null }
    })
    const opened: unknown[] = []
    const manager = await startManager(fakePorts({ ...shared,
      openCloud: access => { opened.push(access); return shared.cloud } }))
    expect(opened).toMatchObject([
      { region: 'lab', endpoint: 'http://127.0.0.1:4566', profile: null, credentials: null }
    ])
    await manager.stop()
  })

  it('leaves alone what does not carry the network\'s tag', async () => {
    const { cloud, disk, fakeSsh } = await launched()
    cloud.keyPairsById.set('key-user', { id: 'key-user', name: 'rmada-demo', fingerprint: '', tags: {} })
    cloud.groupsById.set('sg-other', { id: 'sg-other', name: 'x', vpcId: 'v', tags: { [networkIdTag]: 'other' },
      rules: [] })
    const manager = await startManager(fakePorts({ cloud, disk, fakeSsh }))
    await ended(manager, await manager.handlers['networks.terminate']({ name: 'demo' }, context))
    expect(cloud.left()).toEqual(['key-user', 'sg-other'])
    await manager.stop()
  })
})

describe('a manager that ends', () => {
  it('leaves a launch where it is, for the next start to finish', async () => {
    const cloud = new FakeCloud()
    const disk = new FakeDisk()
    const fakeSsh = new FakeSsh()
    cloud.pendingLooks = 3
    const first = await startManager(fakePorts({ cloud, disk, fakeSsh }))
    const rented = Promise.withResolvers<void>()
    cloud.before = method => { if (method === 'consoleOutput') rented.resolve() }
    await first.handlers['networks.launch']({ region: 'practice-1', name: 'demo' }, context)
    await rented.promise
    await first.stop()
    expect(cloud.alive()).toHaveLength(2)
    expect(fakeSsh.open.size).toBe(0)

    const manager = await startManager(fakePorts({ cloud, disk, fakeSsh }))
    expect(await manager.handlers['networks.list']({}, context)).toMatchObject([{ status: 'failed' }])
    expect((await ended(manager, await manager.handlers['networks.repair']({ name: 'demo' }, context))).state)
      .toBe('succeeded')
    expect(cloud.alive()).toHaveLength(2)
    await manager.stop()
  })

  it('ends in good order when nothing answers', async () => {
    const ports = fakePorts()
    ports.cloud.before = () => { throw new RmadaError('ENDPOINT_UNREACHABLE', 'No answer.', { suggestion: '' }) }
    const manager = await startManager(ports)
    await expect(manager.handlers['networks.plan']({ region: 'practice-1' }, context))
      .rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE' })
    await manager.stop()
  })
})
