import { describe, expect, it } from 'vitest'
import { RmadaError } from '../../core/error.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import { FakeCloud, fakeHostKey, refused } from '../testing/fake-cloud.ts'
import { context, ended, launch, startManager } from '../testing/drive.ts'
import { fakePorts } from '../testing/fake-ports.ts'

const get = (manager: Awaited<ReturnType<typeof startManager>>, name = 'demo') =>
  manager.handlers['networks.get']({ name }, context)

describe('a launch', () => {
  it('ends running, with one master, all steps done, and its price', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    const task = await launch(manager, { instances: 3 })
    expect(task).toMatchObject({ kind: 'launch', network: 'demo', state: 'succeeded', progress: 1, error: null,
      cancellable: false })
    expect(task.steps.every(step => step.state === 'done' && step.ms !== null && step.message !== '')).toBe(true)

    const network = await get(manager)
    expect(network)
      .toMatchObject({ status: 'running', message: '', keyHere: true, pricePerHour: 0.255, taskId: task.id })
    expect(network.priceSource).toMatch(/^As if/)
    expect(network.instances.map(one => one.role)).toEqual(['master', 'slave', 'slave'])
    expect(network.instances.every(one => one.sshPort === 2022)).toBe(true)
    await manager.stop()
  })

  it('writes each intent before the call that rents', async () => {
    const ports = fakePorts()
    const order: string[] = []
    ports.cloud.before = method => { if (/^(import|create|run)/.test(method)) order.push(method) }
    ports.disk.after = async () => {
      const entry = ports.disk.journal.at(-1)
      if (entry && !order.includes(`${entry.phase} ${entry.kind}`)) order.push(`${entry.phase} ${entry.kind}`)
    }
    const manager = await startManager(ports)
    await launch(manager)
    expect(order).toEqual([
      'intent network', 'intent key-pair', 'importKeyPair', 'done key-pair', 'intent security-group',
      'createSecurityGroup', 'done security-group', 'intent placement-group', 'createPlacementGroup', 'done placement-group',
      'intent instances',
      'runInstances', 'done instances'
    ])
    const entry = ports.disk.journal.find(one => one.kind === 'instances')
    expect(entry?.token).toBe([...ports.disk.records.values()][0]?.clientToken)
    await manager.stop()
  })

  it('tags everything, lets ssh in from here alone, and keeps the private key here', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    await launch(manager)
    const { id } = await get(manager)
    const things = [...ports.cloud.keyPairsById.values(), ...ports.cloud.groupsById.values(),
      ...ports.cloud.placementByName.values(),
      ...ports.cloud.machines.values()]
    expect(things).toHaveLength(5)
    for (const thing of things) expect(thing.tags[networkIdTag]).toBe(id)
    const [group] = ports.cloud.groupsById.values()
    expect(group?.rules.map(rule => [rule.port, rule.from])).toEqual([[22, { cidr: '192.0.2.200/32' }], [null, 'self']])
    expect(ports.disk.keys.get(id)).toContain('private key')
    await manager.stop()
  })

  it('pins the host keys on disk before the first ssh connection', async () => {
    const ports = fakePorts()
    let pinned = 0
    ports.fakeSsh.refuse = instance => {
      const [record] = ports.disk.records.values()
      pinned += record?.hostKeys[instance]?.length ?? -100
      return null
    }
    const manager = await startManager(ports)
    await launch(manager)
    expect(pinned).toBe(2)
    expect(ports.fakeSsh.targets.map(target => target.hostKeys)).toEqual(
      ports.fakeSsh.targets.map(target => [fakeHostKey(Number(target.instanceId.slice(2)))]))
    await manager.stop()
  })

  it('looks at all instances in one call, however many there are', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    await launch(manager, { instances: 40 })
    expect(ports.cloud.calls.filter(call => call === 'instances').length).toBeLessThan(12)
    await manager.stop()
  })

  it('writes no secret to the log', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    await launch(manager)
    const { id } = await get(manager)
    const log = ports.logged.join('\n')
    expect(log).not.toContain('private key of')
    expect(log).not.toContain(await ports.records.secret(id))
    await manager.stop()
  })

  it('refuses a second task while it is at work', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    const task = await manager.handlers['networks.launch']({ region: 'practice-1', name: 'demo' }, context)
    await expect(manager.handlers['networks.terminate']({ name: 'demo' }, context))
      .rejects.toMatchObject({ code: 'NETWORK_BUSY' })
    await expect(manager.handlers['networks.launch']({ region: 'practice-1', name: 'Demo' }, context))
      .rejects.toMatchObject({ code: 'NETWORK_NAME_IN_USE' })
    expect((await ended(manager, task)).state).toBe('succeeded')
    await manager.stop()
  })
})

describe('a launch that fails', () => {
  it('before anything was created is told by its task alone', async () => {
    const ports = fakePorts()
    ports.cloud.before = name => { if (name === 'importKeyPair') throw refused(name) }
    const manager = await startManager(ports)
    const task = await launch(manager)
    expect(task).toMatchObject({ state: 'failed', error: { code: 'CLOUD_ERROR' } })
    expect(task.error?.stillRented).toBeUndefined()
    expect(await manager.handlers['networks.list']({}, context)).toEqual([])
    expect([ports.disk.records.size, ports.disk.journal.length]).toEqual([0, 0])
    await manager.stop()
  })

  const calls = ['createSecurityGroup', 'createPlacementGroup', 'runInstances', 'authorizeIngress', 'consoleOutput',
    'tag']
  it.each(calls)('at %s says what is still rented, keeps it, and can be terminated', async method => {
    const ports = fakePorts()
    let broken = true
    ports.cloud.before = name => { if (broken && name === method) throw refused(method, 'CLOUD_CAPACITY') }
    const manager = await startManager(ports)
    const task = await launch(manager)
    const left = ports.cloud.left()
    expect(task.state).toBe('failed')
    expect(task.error).toMatchObject({ code: 'CLOUD_CAPACITY' })
    expect((task.error?.stillRented ?? []).map(one => one.id).toSorted()).toEqual(left.toSorted())
    expect(task.error?.suggestion).toContain('Still rented: ')
    expect(await get(manager)).toMatchObject({ status: 'failed', message: expect.stringContaining(method) })
    broken = false
    const gone = await ended(manager, await manager.handlers['networks.terminate']({ name: 'demo' }, context))
    expect(gone.state).toBe('succeeded')
    expect(ports.cloud.left()).toEqual([])
    await manager.stop()
  })

  const commands = [['install.sh', 'CONFIGURE_FAILED'], ['sh -s', 'CONFIGURE_FAILED'], ['mpirun', 'HEALTH_CHECK_FAILED'],
    ['evaluator.sh', 'EVALUATOR_UNREACHABLE']] as const
  it.each(commands)('in %s names the node and the reason, and a repair brings it up', async (part, code) => {
    const ports = fakePorts()
    let broken = true
    ports.fakeSsh.before = (_id, command) => broken && command.includes(part)
      ? { stdout: '', stderr: 'rmada: the disk is full\n', exitCode: 1 }
      : null
    const manager = await startManager(ports)
    const task = await launch(manager)
    expect(task.error).toMatchObject({ code, message: expect.stringContaining('the disk is full') })
    expect(task.error?.message).toMatch(/i-\d+|on the master/)
    expect(task.error?.suggestion).toMatch(/Still rented: 2 instances, .* 0\.17 USD an hour\./)
    broken = false
    const repair = await ended(manager, await manager.handlers['networks.repair']({ name: 'demo' }, context))
    expect(repair).toMatchObject({ state: 'succeeded' })
    expect(ports.cloud.alive()).toHaveLength(2)
    expect((await get(manager)).status).toBe('running')
    await manager.stop()
  })

  it('in the installation shows the last lines, and keeps all of them in the log', async () => {
    const ports = fakePorts()
    ports.fakeSsh.before = (_id, command) => command.includes('install.sh')
      ? { stdout: '==> Installing: mpi r\nE: Unable to fetch\n', stderr: 'rmada: no mirror answers\n', exitCode: 1 }
      : null
    const manager = await startManager(ports)
    const task = await launch(manager)
    expect(task.error?.message).toContain('failed: no mirror answers.')
    expect(task.error?.details?.['lastLines']).toBe('==> Installing: mpi r\nE: Unable to fetch\nrmada: no mirror answers')
    const { lines, dropped, file } = await manager.handlers['tasks.log']({ id: task.id }, context)
    expect({ dropped, file }).toEqual({ dropped: 0, file: `/nowhere/${task.id}.log` })
    expect(lines.filter(line => line.text === 'E: Unable to fetch').map(line => line.node)).toHaveLength(2)
    const followed: string[] = []
    for await (const news of manager.handlers['tasks.followLog']({ id: task.id }, context)) {
      followed.push(...news.lines.map(line => line.text))
    }
    expect(followed).toEqual(lines.map(line => line.text))
    await expect(manager.handlers['tasks.log']({ id: 'task-none' }, context)).rejects.toMatchObject({ code: 'TASK_UNKNOWN' })
    await manager.stop()
  })

  it('because an instance died says so with the cloud\'s reason', async () => {
    const ports = fakePorts()
    ports.cloud.before = method => {
      const [first] = ports.cloud.machines.keys()
      if (method === 'instances' && first) ports.cloud.setState(first, 'terminated', 'Server.InternalError')
    }
    const manager = await startManager(ports)
    const task = await launch(manager)
    expect(task.error)
      .toMatchObject({ code: 'INSTANCE_DIED', message: expect.stringContaining('Server.InternalError') })
    await manager.stop()
  })

  it('because a node shows another host key names the node and trusts nothing', async () => {
    const ports = fakePorts()
    ports.fakeSsh.refuse = id => new RmadaError('SSH_HOST_KEY_MISMATCH', 'It shows another host key.',
      { suggestion: id })
    const manager = await startManager(ports)
    const task = await launch(manager)
    expect(task.error)
      .toMatchObject({ code: 'SSH_HOST_KEY_MISMATCH', message: expect.stringMatching(/^ip-10-0-0-\d+ \(i-\d+\): /) })
    expect(ports.fakeSsh.commands).toEqual([])
    await manager.stop()
  })

  it('when instances never run ends in time, and so does one whose console stays empty', async () => {
    const slow = fakePorts()
    slow.cloud.pendingLooks = Number.POSITIVE_INFINITY
    let manager = await startManager(slow)
    expect((await launch(manager)).error?.code).toBe('TIMEOUT')
    await manager.stop()

    const mute = fakePorts({ cloud: new class extends FakeCloud { override async consoleOutput() { return '' } }() })
    manager = await startManager(mute)
    expect((await launch(manager)).error?.code).toBe('SSH_HOST_KEY_UNAVAILABLE')
    await manager.stop()
  })

  it('when ranks come back from too few hosts does not run', async () => {
    const ports = fakePorts()
    ports.fakeSsh.before = (_id, command) => command.startsWith('mpirun')
      ? { stdout: 'a\na\n', stderr: '', exitCode: 0 } : null
    const manager = await startManager(ports)
    expect((await launch(manager)).error)
      .toMatchObject({ code: 'HEALTH_CHECK_FAILED', message: expect.stringContaining('1 of 2 hosts') })
    await manager.stop()
  })

  it('is no failure when the master has no web IDE', async () => {
    const ports = fakePorts()
    ports.fakeSsh.ide = false
    const manager = await startManager(ports)
    expect((await launch(manager)).state).toBe('succeeded')
    await expect(manager.handlers['ide.open']({ name: 'demo' }, context))
      .rejects.toMatchObject({ code: 'IDE_UNAVAILABLE' })
    await manager.stop()
  })
})

describe('a launch that is cancelled', () => {
  const moments = [
    'importKeyPair', 'createSecurityGroup', 'createPlacementGroup', 'runInstances', 'authorizeIngress', 'instances',
    'tag',
    'consoleOutput', 'install.sh', 'sh -s', 'mpirun', 'evaluator.sh', 'ide.sh'
  ]
  it.each(moments)('at %s removes everything that it rented', async moment => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    const started = Promise.withResolvers<string>()
    let cancelled = false
    const cancel = async (method: string): Promise<void> => {
      if (cancelled || !method.includes(moment)) return
      if (moment === 'instances' && ports.cloud.machines.size === 0) return
      cancelled = true
      await manager.handlers['tasks.cancel']({ id: await started.promise }, context)
    }
    ports.cloud.before = cancel
    ports.fakeSsh.before = (_id, command) => { void cancel(command); return null }
    const task = await manager.handlers['networks.launch']({ region: 'practice-1', name: 'demo' }, context)
    started.resolve(task.id)
    const end = await ended(manager, task)
    expect(end).toMatchObject({ state: 'cancelled', error: null, message: expect.stringContaining('removed') })
    expect(end.steps.at(-1)).toMatchObject({ name: 'roll-back', state: 'done' })
    expect(ports.cloud.left()).toEqual([])
    expect(await manager.handlers['networks.list']({}, context)).toEqual([])
    expect([ports.disk.records.size, ports.disk.keys.size, ports.disk.journal.length]).toEqual([0, 0, 0])
    await manager.stop()
  })
})

describe('a repair that is cancelled', () => {
  it('takes nothing away that it did not rent, and says what to do', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    ports.fakeSsh.before = (_id, command) => command.startsWith('mpirun') ? { stdout: '', stderr: 'x', exitCode: 1 } : null
    await launch(manager)
    const left = ports.cloud.left()
    const task = await manager.handlers['networks.repair']({ name: 'demo' }, context)
    ports.fakeSsh.before = () => {
      void manager.handlers['tasks.cancel']({ id: task.id }, context)
      return null
    }
    expect(await ended(manager, task)).toMatchObject({ state: 'cancelled' })
    expect(ports.cloud.left()).toEqual(left)
    expect(await get(manager)).toMatchObject({ status: 'failed', message: 'Its repair was cancelled: repair or terminate it.' })
    await manager.stop()
  })
})
