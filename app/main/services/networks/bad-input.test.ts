import { describe, expect, it } from 'vitest'
import type { ErrorCode, Input } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import { context, launch, startManager } from '../testing/drive.ts'
import { FakeCloud } from '../testing/fake-cloud.ts'
import { fakePorts } from '../testing/fake-ports.ts'

type Spec = Omit<Input<'networks.launch'>, 'region'> & { region?: string }

const bad: readonly (readonly [Spec, ErrorCode])[] = [
  [{ instanceType: 'nonsense' }, 'INSTANCE_TYPE_UNKNOWN'],
  [{ image: 'ami-none' }, 'IMAGE_UNKNOWN'],
  [{ image: 'ami-arm64', instanceType: 'c5.large' }, 'IMAGE_UNFIT'],
  [{ zone: 'r-z' }, 'ZONE_UNKNOWN'],
  [{ zone: 'r-b', instanceType: 't3.micro' }, 'ZONE_UNOFFERED'],
  [{ region: 'atlantis-1' }, 'REGION_UNKNOWN'],
  [{ name: '' }, 'NETWORK_NAME_INVALID'],
  [{ name: 'a b' }, 'NETWORK_NAME_INVALID'],
  [{ name: 'x'.repeat(64) }, 'NETWORK_NAME_INVALID'],
  [{ name: 'TAKEN' }, 'NETWORK_NAME_IN_USE'],
  [{ instances: 0 }, 'COUNT_INVALID'],
  [{ instances: -1 }, 'COUNT_INVALID'],
  [{ instances: 1.5 }, 'COUNT_INVALID'],
  [{ instances: 1_000_000 }, 'COUNT_INVALID'],
  [{ slotsPerHost: 0 }, 'SLOTS_INVALID'],
  [{ slotsPerHost: 2.5 }, 'SLOTS_INVALID']
]

describe('a launch with bad input', () => {
  it.each(bad)('%j is refused with a code and two sentences, and rents nothing', async (spec, code) => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    await launch(manager, { name: 'taken', instances: 1 })
    const before = [ports.cloud.left(), ports.disk.writes]
    const refusal = await manager.handlers['networks.launch']({ region: 'practice-1', ...spec },
      context).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(RmadaError)
    expect(refusal)
      .toMatchObject({ code, message: expect.stringMatching(/\w/), suggestion: expect.stringMatching(/[.?]$/) })
    expect([ports.cloud.left(), ports.disk.writes]).toEqual(before)
    // The manager is still there, and so is the network.
    expect(await manager.handlers['networks.list']({}, context)).toMatchObject([{ name: 'taken', status: 'running' }])
    await manager.stop()
  })

  it('with more slots than cores is a warning of the plan, and launches', async () => {
    const manager = await startManager(fakePorts())
    const plan = await manager.handlers['networks.plan']({ region: 'practice-1', slotsPerHost: 9 }, context)
    expect(plan.findings.find(one => one.field === 'slotsPerHost')).toMatchObject({ level: 'warning', code: 'SLOTS_ABOVE_CORES' })
    await manager.stop()
  })

  it('planning rents nothing', async () => {
    const ports = fakePorts()
    const manager = await startManager(ports)
    const plan = await manager.handlers['networks.plan']({ region: 'practice-1' }, context)
    expect(plan).toMatchObject({ pricePerHour: 0.17, spec: { name: 'network-1', instanceType: 'c5.large' } })
    expect(ports.cloud.left()).toEqual([])
    expect(ports.disk.writes).toBe(0)
    await manager.stop()
  })

  it.each(['CREDENTIALS_MISSING', 'CREDENTIALS_REJECTED', 'ENDPOINT_UNREACHABLE'] as const)('and %s says so',
    async code => {
    const ports = fakePorts()
    ports.cloud.before = () => { throw new RmadaError(code, 'The cloud says no.', { suggestion: 'Do this.' }) }
    const manager = await startManager(ports)
    await expect(manager.handlers['networks.launch']({ region: 'practice-1' }, context)).rejects.toMatchObject({ code })
    expect(ports.disk.writes).toBe(0)
    ports.cloud.before = () => {}
    expect((await launch(manager)).state).toBe('succeeded')
    await manager.stop()
  })
})

describe('commands on what is not there', () => {
  it.each(['networks.get', 'networks.reboot', 'networks.repair', 'networks.terminate', 'evaluator.connect',
    'ide.open'] as const)(
    '%s of an unknown network', async method => {
      const ports = fakePorts()
      const manager = await startManager(ports)
      await expect(manager.handlers[method]({ name: 'nobody' }, context)).rejects.toMatchObject({
        code: 'NETWORK_UNKNOWN', message: expect.stringContaining('nobody')
      })
      expect(ports.cloud.calls).toEqual([])
      await manager.stop()
    })

  it('an unknown task, and one that cannot be cancelled', async () => {
    const manager = await startManager(fakePorts())
    await expect(manager.handlers['tasks.get']({ id: 'task-x' }, context))
      .rejects.toMatchObject({ code: 'TASK_UNKNOWN' })
    await launch(manager)
    const task = await manager.handlers['networks.terminate']({ name: 'demo' }, context)
    await expect(manager.handlers['tasks.cancel']({ id: task.id }, context))
      .rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await manager.stop()
  })

  it('an unknown instance', async () => {
    const manager = await startManager(fakePorts())
    await launch(manager)
    await expect(manager.handlers['networks.exec']({ name: 'demo', instance: 'i-x', command: 'true' }, context))
      .rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' })
    await manager.stop()
  })
})

describe('regions', () => {
  it('are AWS\'s, practice, and what the environment names', async () => {
    const manager = await startManager(fakePorts({ environment: { AWS_ENDPOINT_URL_EC2: 'http://localhost:4566',
      AWS_REGION: 'lab' } }))
    const regions = await manager.handlers['regions.list']({}, context)
    expect(regions[0]).toMatchObject({ id: 'practice-1', kind: 'practice', unavailable: null })
    expect(regions.find(one => one.id === 'eu-central-1')).toMatchObject({ kind: 'aws', endpoint: null })
    expect(regions.find(one => one.id === 'lab')).toMatchObject({ kind: 'custom', endpoint: 'http://localhost:4566' })
    await manager.stop()
  })

  it('say why practice cannot be used', async () => {
    const { practice } = fakePorts()
    const manager = await startManager(fakePorts({ practice: { ...practice, available: false,
      explanation: 'No sshd here.' } }))
    expect((await manager.handlers['regions.list']({}, context))[0]?.unavailable).toBe('No sshd here.')
    await expect(manager.handlers['networks.plan']({ region: 'practice-1' }, context))
      .rejects.toMatchObject({ code: 'PRACTICE_UNAVAILABLE' })
    await manager.stop()
  })

  it('are connected by a call that proves them, and kept only then', async () => {
    const cloud = new FakeCloud('lab')
    const manager = await startManager(fakePorts({ openCloud: () => cloud }))
    const connect = () => manager.handlers['regions.connect']({
      region: 'lab', endpoint: 'http://127.0.0.1:4566', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'hush' }
    }, context)
    cloud.before = () => { throw new RmadaError('CREDENTIALS_REJECTED', 'No.', { suggestion: '' }) }
    await expect(connect()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    await expect(manager.handlers['networks.plan']({ region: 'lab' }, context))
      .rejects.toMatchObject({ code: 'REGION_UNKNOWN' })
    cloud.before = () => {}
    expect(await connect()).toMatchObject({ id: 'lab', kind: 'custom', endpoint: 'http://127.0.0.1:4566' })
    expect((await manager.handlers['networks.plan']({ region: 'lab' }, context)).spec?.region).toBe('lab')
    await expect(manager.handlers['regions.connect']({ region: 'nowhere' }, context))
      .rejects.toMatchObject({ code: 'REGION_UNKNOWN' })
    await manager.stop()
  })
})
