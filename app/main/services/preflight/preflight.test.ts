import { describe, expect, it } from 'vitest'
import type { Input } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { IngressRule, PrivateKeys } from '../../core/ports/index.ts'
import { context, launch, startManager } from '../testing/drive.ts'
import { FakeCloud } from '../testing/fake-cloud.ts'
import { fakePorts } from '../testing/fake-ports.ts'

type Spec = Omit<Input<'networks.plan'>, 'region'>

const ssh = (cidr: string): IngressRule => ({ protocol: 'tcp', port: 22, from: { cidr }, description: '' })
const inside: IngressRule = { protocol: 'all', port: null, from: 'self', description: '' }

function cloudWith(rules: readonly IngressRule[] = [ssh('192.0.2.200/32'), inside], vpcId = 'vpc-1'): FakeCloud {
  const cloud = new FakeCloud()
  cloud.permissions = async () => []
  cloud.groupsById.set('sg-mine', { id: 'sg-mine', name: 'mine', vpcId, tags: {}, rules })
  cloud.keyPairsById.set('key-mine', { id: 'key-mine', name: 'mine', fingerprint: 'abc=', tags: {} })
  return cloud
}

const keys = (fingerprint: string, openToOthers = false): PrivateKeys => ({
  read: async () => ({ text: 'secret text', fingerprints: [fingerprint], publicBlob: 'AAAA', openToOthers }),
  ofAgent: async () => [{ fingerprints: [fingerprint], publicBlob: 'AAAA' }]
})

async function look(spec: Spec, cloud = cloudWith(), ports: Parameters<typeof fakePorts>[0] = {}) {
  const manager = await startManager(fakePorts({ cloud, ...ports }))
  const plan = await manager.handlers['networks.plan']({ region: 'practice-1', ...spec }, context)
  await manager.stop()
  const findings = plan.findings.map(one => `${one.level} ${one.code} ${one.field}`)
  return { plan, findings, left: cloud.left() }
}
const mine = { keyPair: 'mine', privateKeyFile: '/home/ana/mine.pem' }

describe('preflight', () => {
  it('has nothing to say of an ordinary launch', async () => {
    expect((await look({})).findings).toEqual([])
  })

  it.each<readonly [string, Spec, (cloud: FakeCloud) => void, string]>([
    ['a quota too small', { instances: 4 }, cloud => { cloud.vcpusAllowed = 7 }, 'error QUOTA_SHORT instances'],
    ['no default VPC', {}, cloud => { cloud.defaultVpc = async () => null }, 'error VPC_MISSING subnet'],
    ['no default subnet in the zone', { zone: 'r-b' }, cloud => { cloud.subnetList.pop() },
      'error SUBNET_UNKNOWN subnet'],
    ['a full subnet', { instances: 3 }, cloud => {
      cloud.subnetList = cloud.subnetList.map(one => ({ ...one, freeAddresses: 2 }))
    }, 'error SUBNET_FULL subnet'],
    ['a subnet that is not there', { subnet: 'subnet-none' }, () => {}, 'error SUBNET_UNKNOWN subnet'],
    ['a subnet of 10 kB', { subnet: 'ü'.repeat(10_000) }, () => {}, 'error SUBNET_UNKNOWN subnet'],
    ['a subnet of another zone', { subnet: 'subnet-r-a', zone: 'r-b' }, () => {}, 'error SUBNET_UNFIT subnet'],
    ['a subnet without public addresses', { subnet: 'subnet-r-a' }, cloud => {
      cloud.subnetList = cloud.subnetList.map(one => ({ ...one, givesPublicAddresses: false }))
    }, 'warning SUBNET_PRIVATE subnet'],
    ['a group that is not there', { securityGroup: 'sg-none' }, () => {}, 'error SECURITY_GROUP_UNKNOWN securityGroup'],
    ['rights that lack', {}, cloud => {
      cloud.permissions = async () => [{ action: 'ec2:RunInstances', result: 'denied', note: '' }]
    }, 'warning CLOUD_DENIED null'],
    ['no right to give back', {}, cloud => {
      cloud.permissions = async () => [{ action: 'ec2:TerminateInstances', result: 'denied', note: '' }]
    }, 'error CLOUD_DENIED null'],
    ['a check that fails', {}, cloud => {
      cloud.vcpuLimit = async () => { throw new RmadaError('CLOUD_DENIED', 'No.', { suggestion: '' }) }
    }, 'warning CHECK_UNFINISHED instances'],
    ['a key pair that is not there', { ...mine, keyPair: 'other' }, () => {}, 'error KEY_PAIR_UNKNOWN keyPair'],
    ['a key file that is not there', mine, () => {}, 'error KEY_FILE_INVALID privateKeyFile'],
    ['no agent', { ...mine, privateKeyFile: 'ssh-agent' }, () => {}, 'error AGENT_UNREACHABLE privateKeyFile']
  ])('finds %s', async (_what, spec, spoil, expected) => {
    const cloud = cloudWith()
    spoil(cloud)
    const { plan, findings, left } = await look(spec, cloud)
    expect(findings).toEqual([expected])
    expect(plan.spec === null).toBe(expected.startsWith('error'))
    expect(plan.findings[0]?.message.length).toBeLessThan(300)
    expect(left).toEqual(['key-mine', 'sg-mine'])
  })

  it('says that a most to pay would have interrupted the instances', async () => {
    const cloud = cloudWith()
    cloud.spotPrices = async () => [['r-a', 0.05], ['r-a', 0.02], ['r-b', 0.01]].map(([zone, perHour]) => (
      { type: 'c5.large', zone: String(zone), perHour: Number(perHour), at: '2026-01-01T00:00:00Z' }))
    const codes = async (spec: Spec) =>
      (await look({ spot: 'all', instances: 1, ...spec }, cloud)).findings.filter(one => one.includes('SPOT_CAP_PASSED'))
    expect(await codes({ maxPrice: 0.04, zone: 'r-a' })).toEqual(['warning SPOT_CAP_PASSED maxPrice'])
    expect(await codes({ maxPrice: 0.06, zone: 'r-a' })).toEqual([])
    expect(await codes({ maxPrice: 0.04 })).toEqual([])
    expect(await codes({ zone: 'r-a' })).toEqual([])
  })

  it('counts what runs already, by market', async () => {
    const cloud = cloudWith()
    cloud.vcpusAllowed = 6
    const manager = await startManager(fakePorts({ cloud }))
    await launch(manager, { name: 'one', instances: 2, spot: 'all' })
    const plan = (spec: Spec) => manager.handlers['networks.plan']({ region: 'practice-1', ...spec }, context)
    expect((await plan({ instances: 3 })).spec).not.toBeNull()
    const { findings } = await plan({ instances: 3, spot: 'all' })
    expect(findings.find(one => one.level === 'error')).toMatchObject({
      code: 'QUOTA_SHORT', message: expect.stringContaining('needs 6 vCPUs as Spot'),
      suggestion: expect.stringContaining('Ask for 1 c5.large')
    })
    await manager.stop()
  })

  it.each<readonly [readonly IngressRule[], string, readonly string[]]>([
    [[ssh('192.0.2.200/32'), inside], 'vpc-1', []],
    [[inside], 'vpc-1', ['error SECURITY_GROUP_UNFIT securityGroup']],
    [[ssh('192.0.2.200/32')], 'vpc-1', ['error SECURITY_GROUP_UNFIT securityGroup']],
    [[ssh('198.51.100.0/24'), inside], 'vpc-1', ['error SECURITY_GROUP_UNFIT securityGroup']],
    [[ssh('0.0.0.0/0'), inside], 'vpc-1', ['warning SECURITY_GROUP_WIDE securityGroup']],
    [[ssh('192.0.2.200/32'), inside], 'vpc-2', ['error SUBNET_UNFIT securityGroup']]
  ])('looks at what a group of the user lets in: %j in %s', async (rules, vpc, expected) => {
    expect((await look({ securityGroup: 'sg-mine' }, cloudWith(rules, vpc))).findings).toEqual(expected)
  })

  it.each([
    ['its other half', keys('abc'), []],
    ['the wrong half', keys('xyz'), ['error KEY_MISMATCH privateKeyFile']],
    ['a file that others may read', keys('abc', true), ['error KEY_FILE_OPEN privateKeyFile']]
  ] as const)('looks whether the key is %s', async (_what, privateKeys, expected) => {
    expect((await look(mine, cloudWith(), { privateKeys })).findings).toEqual(expected)
    const agent = { ...mine, privateKeyFile: 'ssh-agent' }
    const fault = expected[0]?.includes('KEY_MISMATCH') ? ['error AGENT_UNREACHABLE privateKeyFile'] : []
    const environment = { SSH_AUTH_SOCK: '/tmp/agent' }
    expect((await look(agent, cloudWith(), { privateKeys, environment })).findings).toEqual(fault)
  })
})

describe('a launch with options', () => {
  it('asks EC2 for what was chosen, and leaves alone what the user had before', async () => {
    const cloud = cloudWith()
    const ports = fakePorts({ cloud, privateKeys: keys('abc') })
    const manager = await startManager(ports)
    const task = await launch(manager, {
      name: 'demo', instances: 2, ...mine, securityGroup: 'sg-mine', subnet: 'subnet-r-b', rootVolumeGib: 30,
      rootVolumeType: 'gp2', hyperthreading: true, placementGroup: false
    })
    expect(task.state).toBe('succeeded')
    expect(cloud.launches).toMatchObject([{
      keyName: 'mine', securityGroupIds: ['sg-mine'], subnet: 'subnet-r-b', rootVolumeGib: 30, rootVolumeType: 'gp2',
      threadsPerCore: null
    }])
    expect(cloud.launches[0]?.spot).toBeUndefined()
    await manager.handlers['networks.terminate']({ name: 'demo' }, context)
    await expect.poll(async () => (await manager.handlers['networks.list']({}, context)).length).toBe(0)
    expect(cloud.left()).toEqual(['key-mine', 'sg-mine'])
    expect(cloud.calls.filter(call => /Ingress|KeyPair$|SecurityGroup$/.test(call))).toEqual([])
    await manager.stop()
  })

  it('has an on-demand master and Spot slaves, each call with a token of its own', async () => {
    const cloud = cloudWith()
    const manager = await startManager(fakePorts({ cloud }))
    const task = await launch(manager, { name: 'demo', instances: 4, spot: 'slaves', maxPrice: 0.05 })
    expect(task.state).toBe('succeeded')
    const [slaves, master] = cloud.launches
    expect(slaves).toMatchObject({ count: 3, spot: { maxPrice: 0.05 }, threadsPerCore: 1 })
    expect(master).toMatchObject({
      count: 1, clientToken: `${slaves?.clientToken}-master`, tags: { 'rmada:role': 'master' }
    })
    expect(master?.spot).toBeUndefined()
    await manager.handlers['networks.terminate']({ name: 'demo' }, context)
    await expect.poll(async () => (await manager.handlers['networks.list']({}, context)).length).toBe(0)
    expect([...cloud.spotById.values()].map(one => one.state)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    await manager.stop()
  })
})
