import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servePractice } from '../../../app/main/practice/endpoint/serve.ts'
import { startBoto3, type Boto3, type Parsed } from './boto3.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
let boto3: Boto3
let image: string
let armImage: string

const timings = { pendingMs: 300, stoppingMs: 150, shuttingDownMs: 150, terminatedVisibleMs: 2000 }

beforeAll(async () => {
  cloud = await temporaryPractice({ timings })
  boto3 = startBoto3(cloud.practice)
  const { Images } = await boto3.call('describe_images', { Owners: ['self'] })
  const idOf = (architecture: string) => Images.find((candidate: Parsed) => candidate.Architecture === architecture).ImageId
  image = idOf(process.arch === 'arm64' ? 'arm64' : 'x86_64')
  armImage = idOf(process.arch === 'arm64' ? 'x86_64' : 'arm64')
})
afterAll(async () => {
  await boto3.close()
  await cloud.end()
})

/** A type that fits the machine image, and one that stands in clusters. */
const small = process.arch === 'arm64' ? 't4g.small' : 't3.micro'
const cluster = process.arch === 'arm64' ? 'c7g.xlarge' : 'c7i.xlarge'

const run = (more: object = {}) => boto3.call('run_instances', { ImageId: image, InstanceType: small, MinCount: 1, MaxCount: 1, ...more })
const refused = (more: object = {}) =>
  boto3.refusal('run_instances', { ImageId: image, InstanceType: small, MinCount: 1, MaxCount: 1, ...more })
const ids = (reservation: Parsed): string[] => reservation.Instances.map((instance: Parsed) => instance.InstanceId)
const describeOne = async (id: string) => (await boto3.call('describe_instances', { InstanceIds: [id] })).Reservations[0].Instances[0]
const tagsOf = (item: Parsed) => Object.fromEntries((item.Tags ?? []).map((tag: Parsed) => [tag.Key, tag.Value]))
const terminate = async (InstanceIds: string[]) => {
  await boto3.call('terminate_instances', { InstanceIds })
  await boto3.wait('instance_terminated', { InstanceIds })
}

describe('a life of an instance', () => {
  it('is pending, runs, stops, starts, reboots, is terminated and vanishes', async () => {
    const reservation = await run({ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'one' }] }] })
    const [id = ''] = ids(reservation)
    expect(reservation.Instances[0]).toMatchObject({ State: { Code: 0, Name: 'pending' }, AmiLaunchIndex: 0, InstanceType: small })
    expect((await describeOne(id)).State).toEqual({ Code: 0, Name: 'pending' })
    expect(await boto3.refusal('stop_instances', { InstanceIds: [id] })).toEqual({
      code: 'IncorrectInstanceState', status: 400, message: `The instance '${id}' is not in a state from which it can be stopped.`
    })

    await boto3.wait('instance_running', { InstanceIds: [id] })
    await boto3.wait('instance_status_ok', { InstanceIds: [id] })
    const running = await describeOne(id)
    expect(running).toMatchObject({ State: { Code: 16, Name: 'running' }, Placement: { AvailabilityZone: expect.stringMatching(/^practice-1[abc]$/) } })
    expect(tagsOf(running)).toEqual({ Name: 'one', 'rmada:ssh-port': '22' })
    expect(running.PrivateDnsName).toBe(`ip-${running.PrivateIpAddress.replaceAll('.', '-')}.practice-1.compute.internal`)
    expect(running.PublicIpAddress).toMatch(/^[\d.]+$/)

    const stopped = await boto3.call('stop_instances', { InstanceIds: [id] })
    expect(stopped.StoppingInstances).toEqual([
      { InstanceId: id, CurrentState: { Code: 64, Name: 'stopping' }, PreviousState: { Code: 16, Name: 'running' } }
    ])
    expect(await boto3.refusal('start_instances', { InstanceIds: [id] })).toMatchObject({ code: 'IncorrectInstanceState' })
    await boto3.wait('instance_stopped', { InstanceIds: [id] })
    const resting = await describeOne(id)
    expect(resting.StateReason).toEqual({ Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' })
    expect(resting.PublicIpAddress).toBeUndefined()
    expect(await boto3.refusal('reboot_instances', { InstanceIds: [id] })).toMatchObject({ code: 'IncorrectInstanceState' })

    const started = await boto3.call('start_instances', { InstanceIds: [id] })
    expect(started.StartingInstances[0]).toMatchObject({ CurrentState: { Name: 'pending' }, PreviousState: { Name: 'stopped' } })
    await boto3.wait('instance_running', { InstanceIds: [id] })
    const again = await describeOne(id)
    expect(again.PrivateIpAddress).not.toBe(running.PrivateIpAddress)
    expect(again.StateReason).toBeUndefined()
    expect(tagsOf(again)).toEqual(tagsOf(running))

    await boto3.call('reboot_instances', { InstanceIds: [id] })
    await boto3.wait('instance_status_ok', { InstanceIds: [id] })
    expect((await describeOne(id)).PrivateIpAddress).toBe(again.PrivateIpAddress)

    const ended = await boto3.call('terminate_instances', { InstanceIds: [id] })
    expect(ended.TerminatingInstances).toEqual([
      { InstanceId: id, CurrentState: { Code: 32, Name: 'shutting-down' }, PreviousState: { Code: 16, Name: 'running' } }
    ])
    expect((await describeOne(id)).State.Name).toBe('shutting-down')
    await boto3.wait('instance_terminated', { InstanceIds: [id] })
    const gone = await describeOne(id)
    expect(gone).toMatchObject({ State: { Code: 48, Name: 'terminated' }, BlockDeviceMappings: [], NetworkInterfaces: [] })
    expect((await boto3.call('terminate_instances', { InstanceIds: [id] })).TerminatingInstances[0].PreviousState.Name).toBe('terminated')
    expect(await boto3.refusal('start_instances', { InstanceIds: [id] })).toMatchObject({ code: 'IncorrectInstanceState' })

    await new Promise(resolve => setTimeout(resolve, timings.terminatedVisibleMs + 100))
    expect(await boto3.refusal('describe_instances', { InstanceIds: [id] }))
      .toEqual({ code: 'InvalidInstanceID.NotFound', status: 400, message: `The instance ID '${id}' does not exist` })
  })

  it('is terminated while it boots', async () => {
    const launched = ids(await run({ MinCount: 3, MaxCount: 3 }))
    await terminate(launched)
    expect((await describeOne(launched[2] ?? '')).State.Name).toBe('terminated')
  })
})

describe('RunInstances', () => {
  it('keeps what it was asked for', async () => {
    const { SecurityGroups } = await boto3.call('describe_security_groups')
    const { KeyName } = await boto3.call('create_key_pair', { KeyName: 'key', KeyType: 'ed25519' })
    await boto3.call('create_placement_group', { GroupName: 'pg', Strategy: 'cluster' })
    const reservation = await run({
      InstanceType: cluster, MinCount: 2, MaxCount: 2, KeyName, SecurityGroupIds: [SecurityGroups[0].GroupId], ClientToken: 'token-1',
      Placement: { AvailabilityZone: 'practice-1a', GroupName: 'pg' }, CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 }, UserData: '#!/bin/sh\necho hello\n',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true } }],
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [{ Key: 'rmada:network', Value: 'net' }, { Key: 'rmada:ssh-port', Value: '99999' }] },
        { ResourceType: 'volume', Tags: [{ Key: 'rmada:network', Value: 'net' }] }
      ]
    })
    expect(reservation.Instances.map((instance: Parsed) => instance.AmiLaunchIndex)).toEqual([0, 1])
    const instance = reservation.Instances[1]
    expect(instance).toMatchObject({
      KeyName: 'key', ClientToken: 'token-1', CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 },
      Placement: { AvailabilityZone: 'practice-1a', GroupName: 'pg', Tenancy: 'default' },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
      SecurityGroups: [{ GroupId: SecurityGroups[0].GroupId, GroupName: 'default' }],
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true, Status: 'attaching' } }]
    })
    // The port is the cloud's to say.
    expect(tagsOf(instance)).toEqual({ 'rmada:network': 'net', 'rmada:ssh-port': '22' })
    const volumes = await boto3.call('describe_tags', { Filters: [{ Name: 'resource-type', Values: ['volume'] }] })
    expect(volumes.Tags.map((tag: Parsed) => tag.ResourceId)).toContain(instance.BlockDeviceMappings[0].Ebs.VolumeId)

    // What instances use cannot be deleted.
    expect(await boto3.refusal('delete_placement_group', { GroupName: 'pg' }))
      .toMatchObject({ code: 'InvalidPlacementGroup.InUse', message: "The placement group 'pg' is in use and may not be deleted." })
    await terminate(ids(reservation))
    await boto3.call('delete_placement_group', { GroupName: 'pg' })
    await boto3.call('delete_key_pair', { KeyName: 'key' })
  })

  it('launches once for one client token', async () => {
    const asked = { ClientToken: 'once', MinCount: 2, MaxCount: 2 }
    // Both at once, as a client does that lost the first answer.
    const [first, second] = await Promise.all([run(asked), run(asked)])
    expect(second.ReservationId).toBe(first.ReservationId)
    expect(ids(second)).toEqual(ids(first))
    expect(await refused({ ...asked, MaxCount: 3 })).toEqual({
      code: 'IdempotentParameterMismatch', status: 400,
      message: 'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).'
    })
    const { Reservations } = await boto3.call('describe_instances', { Filters: [{ Name: 'client-token', Values: ['once'] }] })
    expect(Reservations.flatMap(ids)).toHaveLength(2)
    expect(await refused({ ClientToken: 'x'.repeat(65) })).toMatchObject({ code: 'InvalidParameterValue' })
    await terminate(ids(first))
  })

  it('takes subnet and groups from a network interface', async () => {
    const { Subnets } = await boto3.call('describe_subnets', { Filters: [{ Name: 'availability-zone', Values: ['practice-1c'] }] })
    const reservation = await run({ NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: Subnets[0].SubnetId, AssociatePublicIpAddress: true }] })
    expect(reservation.Instances[0]).toMatchObject({ SubnetId: Subnets[0].SubnetId, Placement: { AvailabilityZone: 'practice-1c' } })
    expect(reservation.Instances[0].NetworkInterfaces).toHaveLength(1)
    const after = await boto3.call('describe_subnets', { SubnetIds: [Subnets[0].SubnetId] })
    expect(after.Subnets[0].AvailableIpAddressCount).toBe(4090)
    expect(await refused({ SubnetId: Subnets[0].SubnetId, NetworkInterfaces: [{ DeviceIndex: 0 }] }))
      .toMatchObject({ code: 'InvalidParameterCombination' })
    await terminate(ids(reservation))
  })

  it('launches Spot instances, which cannot be stopped', async () => {
    const reservation = await run({ InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { MaxPrice: '0.05', SpotInstanceType: 'one-time' } } })
    expect(reservation.Instances[0]).toMatchObject({ InstanceLifecycle: 'spot', SpotInstanceRequestId: expect.stringMatching(/^sir-/) })
    await boto3.wait('instance_running', { InstanceIds: ids(reservation) })
    expect(await boto3.refusal('stop_instances', { InstanceIds: ids(reservation) })).toMatchObject({ code: 'UnsupportedOperation' })
    await terminate(ids(reservation))
    expect(await refused({ InstanceMarketOptions: { MarketType: 'flea' } })).toMatchObject({ code: 'InvalidParameterValue' })
  })

  it('launches nothing on a dry run, but says what is wrong', async () => {
    expect(await refused({ DryRun: true })).toMatchObject({ code: 'DryRunOperation', status: 412 })
    expect(await refused({ DryRun: true, InstanceType: 'z9.huge' })).toMatchObject({ code: 'InvalidParameterValue' })
    const { Reservations } = await boto3.call('describe_instances', { Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }] })
    expect(Reservations).toEqual([])
  })

  it('refuses what cannot be, each with its own code, and launches nothing', async () => {
    const sg = 'sg-00000000000000000'
    const cases: [object, string, RegExp][] = [
      [{ ImageId: 'ami-00000000000000000' }, 'InvalidAMIID.NotFound', /^The image id '\[ami-0+\]' does not exist$/],
      [{ ImageId: 'debian-12' }, 'InvalidAMIID.Malformed', /^Invalid id: "debian-12"/],
      [{ ImageId: null }, 'MissingParameter', /parameter ImageId/],
      [{ InstanceType: 'z9.huge' }, 'InvalidParameterValue', /^Invalid value 'z9\.huge' for InstanceType/],
      [{ ImageId: armImage }, 'InvalidParameterValue', /^The architecture '.+' of the specified instance type does not match/],
      [{ Placement: { AvailabilityZone: 'mars-1a' } }, 'InvalidParameterValue', /^Invalid availability zone: \[mars-1a\]$/],
      [{ InstanceType: cluster, Placement: { AvailabilityZone: process.arch === 'arm64' ? 'practice-1b' : 'practice-1c' } }, 'Unsupported',
        /is not supported in your requested Availability Zone/],
      [{ KeyName: 'nobody' }, 'InvalidKeyPair.NotFound', /^The key pair 'nobody' does not exist$/],
      [{ SecurityGroupIds: [sg] }, 'InvalidGroup.NotFound', /^The security group 'sg-0+' does not exist$/],
      [{ SubnetId: 'subnet-00000000000000000' }, 'InvalidSubnetID.NotFound', /^The subnet ID 'subnet-0+' does not exist$/],
      [{ Placement: { GroupName: 'nowhere' } }, 'InvalidPlacementGroup.Unknown', /^The Placement Group 'nowhere' is unknown\.$/],
      [{ MinCount: 0 }, 'InvalidParameterValue', /MinCount/],
      [{ MinCount: -1 }, 'InvalidParameterValue', /MinCount/],
      [{ MinCount: 1.5 }, 'InvalidParameterValue', /MinCount/],
      [{ MinCount: null }, 'MissingParameter', /MinCount/],
      [{ MinCount: 3, MaxCount: 2 }, 'InvalidParameterCombination', /MinCount/],
      [{ MinCount: 1000, MaxCount: 1000 }, 'InstanceLimitExceeded', /^You have requested more instances \(1000\)/],
      [{ CpuOptions: { CoreCount: 64, ThreadsPerCore: 1 } }, 'InvalidParameterValue', /CPU options/],
      [{ CpuOptions: { ThreadsPerCore: 1 } }, 'InvalidParameterCombination', /CoreCount/],
      [{ UserData: 'x'.repeat(16_385) }, 'InvalidParameterValue', /^User data is limited to 16384 bytes$/],
      [{ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 1 } }] }, 'InvalidBlockDeviceMapping', /smaller than snapshot/],
      [{ MetadataOptions: { HttpTokens: 'perhaps' } }, 'InvalidParameterValue', /HttpTokens/],
      [{ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'aws:x', Value: '' }] }] }, 'InvalidParameterValue', /reserved/],
      [{ TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'x', Value: '' }] }] }, 'InvalidParameterValue', /taggable/],
      [{ TagSpecifications: [{ ResourceType: 'instance', Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' })) }] },
        'TagLimitExceeded', /50/],
      [{ LaunchTemplate: { LaunchTemplateName: 'x' } }, 'UnsupportedOperation', /LaunchTemplate/]
    ]
    for (const [more, code, message] of cases) {
      const asked = Object.fromEntries(Object.entries({ ImageId: image, InstanceType: small, MinCount: 1, MaxCount: 1, ...more })
        .filter(([, value]) => value !== null))
      const refusal = await boto3.refusal('run_instances', asked)
      expect(refusal, JSON.stringify(more)).toMatchObject({ code, message: expect.stringMatching(message) })
    }
    const { Reservations } = await boto3.call('describe_instances', { Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }] })
    expect(Reservations).toEqual([])
  })

  it('does not put burstable types into a cluster, nor a cluster into two zones', async () => {
    await boto3.call('create_placement_group', { GroupName: 'tight', Strategy: 'cluster' })
    expect(await refused({ Placement: { GroupName: 'tight' } })).toMatchObject({
      code: 'InvalidParameterCombination', message: expect.stringContaining(`Cluster placement groups are not supported by the '${small}' instance type.`)
    })
    const zones = process.arch === 'arm64' ? ['practice-1c', 'practice-1a'] : ['practice-1b', 'practice-1a']
    const first = await run({ InstanceType: cluster, Placement: { GroupName: 'tight', AvailabilityZone: zones[0] } })
    // Without a zone of its own the second goes to the first.
    const second = await run({ InstanceType: cluster, Placement: { GroupName: 'tight' } })
    expect(second.Instances[0].Placement.AvailabilityZone).toBe(zones[0])
    expect(await refused({ InstanceType: cluster, Placement: { GroupName: 'tight', AvailabilityZone: zones[1] } }))
      .toMatchObject({ code: 'InvalidParameterCombination' })
    await terminate([...ids(first), ...ids(second)])
  })
})

describe('finding instances', () => {
  it('filters by state, tag and wildcard, and pages', async () => {
    const launch = (name: string, count: number) => run({
      MinCount: count, MaxCount: count,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'net', Value: name }, { Key: `only-${name}`, Value: '' }] }]
    })
    const [blue, green] = [await launch('blue*', 4), await launch('green', 4)]
    const all = [...ids(blue), ...ids(green)]
    const found = async (...Filters: { Name: string; Values: string[] }[]) =>
      (await boto3.call('describe_instances', { Filters })).Reservations.flatMap(ids).sort()

    expect(await found({ Name: 'tag:net', Values: ['*ue?'] })).toEqual(ids(blue).sort())
    expect(await found({ Name: 'tag:net', Values: ['blue\\*'] })).toEqual(ids(blue).sort())
    expect(await found({ Name: 'tag:net', Values: ['BLUE*'] })).toEqual([])
    expect(await found({ Name: 'tag-key', Values: ['only-green'] })).toEqual(ids(green).sort())
    expect(await found({ Name: 'tag:net', Values: ['*'] }, { Name: 'reservation-id', Values: [green.ReservationId] })).toEqual(ids(green).sort())
    expect(await found({ Name: 'tag:net', Values: ['*'] }, { Name: 'instance-state-name', Values: ['terminated'] })).toEqual([])
    expect(await boto3.refusal('describe_instances', { Filters: [{ Name: 'net', Values: ['x'] }] }))
      .toMatchObject({ code: 'InvalidParameterValue', message: "The filter 'net' is invalid" })

    const pages = await boto3.pages('describe_instances', { Filters: [{ Name: 'tag:net', Values: ['*'] }], PaginationConfig: { PageSize: 5 } })
    expect(pages.map(page => page.Reservations.flatMap(ids).length)).toEqual([5, 3])
    expect(pages.flatMap(page => page.Reservations.flatMap(ids)).sort()).toEqual(all.sort())
    expect(await boto3.refusal('describe_instances', { MaxResults: 4 })).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await boto3.refusal('describe_instances', { InstanceIds: [all[0]], MaxResults: 5 })).toMatchObject({ code: 'InvalidParameterCombination' })

    const status = await boto3.call('describe_instance_status', { InstanceIds: all, IncludeAllInstances: true })
    expect(status.InstanceStatuses).toHaveLength(8)
    await boto3.wait('instance_running', { InstanceIds: all })
    const running = await boto3.call('describe_instance_status', { InstanceIds: ids(blue) })
    expect(running.InstanceStatuses.map((item: Parsed) => [item.InstanceState.Name, item.InstanceStatus.Status, item.InstanceStatus.Details[0]]))
      .toEqual(ids(blue).map(() => ['running', 'ok', { Name: 'reachability', Status: 'passed' }]))
    await terminate(all)
    expect((await boto3.call('describe_instance_status', { InstanceIds: all })).InstanceStatuses).toEqual([])
  })

  it('refuses ids that are malformed or unknown, for every action that takes them', async () => {
    const unknown = 'i-00000000000000000'
    const actions = ['describe_instances', 'describe_instance_status', 'start_instances', 'stop_instances', 'reboot_instances', 'terminate_instances']
    for (const action of actions) {
      expect(await boto3.refusal(action, { InstanceIds: [unknown] }), action)
        .toMatchObject({ code: 'InvalidInstanceID.NotFound', message: `The instance ID '${unknown}' does not exist` })
      expect(await boto3.refusal(action, { InstanceIds: ['server1'] }), action)
        .toMatchObject({ code: 'InvalidInstanceID.Malformed', message: 'Invalid id: "server1" (expecting "i-...")' })
    }
    expect(await boto3.refusal('describe_instances', { InstanceIds: [unknown, 'i-00000000000000001'] }))
      .toMatchObject({ message: `The instance IDs '${unknown}, i-00000000000000001' do not exist` })
    expect(await boto3.refusal('get_console_output', { InstanceId: unknown })).toMatchObject({ code: 'InvalidInstanceID.NotFound' })
    expect(await boto3.refusal('terminate_instances', {})).toMatchObject({ code: 'MissingParameter' })
  })

  it('terminates all of a request or none', async () => {
    const [id = ''] = ids(await run())
    expect(await boto3.refusal('terminate_instances', { InstanceIds: [id, 'i-00000000000000000'] })).toMatchObject({ code: 'InvalidInstanceID.NotFound' })
    expect((await describeOne(id)).State.Name).toBe('pending')
    await terminate([id])
  })
})

describe('tags', () => {
  it('are made, replaced, found and deleted', async () => {
    const { GroupId } = await boto3.call('create_security_group', { GroupName: 'tagged', Description: 'x' })
    const [id = ''] = ids(await run())
    await boto3.call('create_tags', { Resources: [id, GroupId], Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: 'ä "quoted" <&>\ttab' }] })
    await boto3.call('create_tags', { Resources: [id], Tags: [{ Key: 'a', Value: '2' }] })
    const onInstance = async () => Object.fromEntries((await boto3.call('describe_tags', { Filters: [{ Name: 'resource-id', Values: [id] }] })).Tags
      .map((tag: Parsed) => [tag.Key, tag.Value]))
    expect(await onInstance()).toEqual({ a: '2', b: 'ä "quoted" <&>\ttab', 'rmada:ssh-port': '22' })
    const groups = await boto3.call('describe_tags', { Filters: [{ Name: 'resource-type', Values: ['security-group'] }, { Name: 'key', Values: ['a'] }] })
    expect(groups.Tags).toEqual([{ ResourceId: GroupId, ResourceType: 'security-group', Key: 'a', Value: '1' }])

    await boto3.call('delete_tags', { Resources: [id], Tags: [{ Key: 'a', Value: 'other' }, { Key: 'b' }] })
    expect(await onInstance()).toEqual({ a: '2', 'rmada:ssh-port': '22' })
    await boto3.call('delete_tags', { Resources: [GroupId] })
    expect((await boto3.call('describe_security_groups', { GroupIds: [GroupId] })).SecurityGroups[0].Tags).toBeUndefined()
    await terminate([id])
    await boto3.call('delete_security_group', { GroupId })
  })

  it('are refused on what is not there, and when they are not allowed', async () => {
    const tag = [{ Key: 'a', Value: '1' }]
    expect(await boto3.refusal('create_tags', { Resources: ['i-00000000000000000'], Tags: tag })).toMatchObject({ code: 'InvalidInstanceID.NotFound' })
    expect(await boto3.refusal('create_tags', { Resources: ['thing'], Tags: tag }))
      .toMatchObject({ code: 'InvalidID', message: "The ID 'thing' is not valid" })
    const { Vpcs } = await boto3.call('describe_vpcs')
    const on = (Tags: object[]) => boto3.refusal('create_tags', { Resources: [Vpcs[0].VpcId], Tags })
    expect(await on([])).toMatchObject({ code: 'MissingParameter' })
    expect(await on([{ Key: 'k'.repeat(129), Value: '' }])).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await on([{ Key: 'k', Value: 'v'.repeat(257) }])).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await on([{ Key: 'k', Value: '1' }, { Key: 'k', Value: '2' }]))
      .toMatchObject({ code: 'InvalidParameterValue', message: "Duplicate tag key 'k' specified." })
  })
})

describe('the end of the endpoint', () => {
  it('forgets nothing', async () => {
    const kept = await temporaryPractice({ timings })
    const before = startBoto3(kept.practice)
    const reservation = await before.call('run_instances', { ImageId: image, InstanceType: small, MinCount: 1, MaxCount: 1, ClientToken: 'kept' })
    await before.wait('instance_running', { InstanceIds: ids(reservation) })
    await before.call('create_security_group', { GroupName: 'kept', Description: 'x' })
    const instances = await before.call('describe_instances')
    await before.close()
    await kept.practice.close({ powerOff: true })

    const again = await servePractice({ stateDirectory: kept.directory, backend: 'none', port: 0, log: () => {}, timings })
    expect([again.accessKeyId, again.secretAccessKey]).toEqual([kept.practice.accessKeyId, kept.practice.secretAccessKey])
    const after = startBoto3(again)
    const { ResponseMetadata: _, ...rest } = await after.call('describe_instances')
    expect(rest.Reservations).toEqual(instances.Reservations)
    expect((await after.call('describe_security_groups', { GroupNames: ['kept'] })).SecurityGroups).toHaveLength(1)
    const repeated = await after.call('run_instances', { ImageId: image, InstanceType: small, MinCount: 1, MaxCount: 1, ClientToken: 'kept' })
    expect(ids(repeated)).toEqual(ids(reservation))
    await after.close()
    await again.close({ powerOff: true })
    await kept.end()
  })
})
