import { describe, expect, it } from 'vitest'
import type { Parsed } from './boto3.ts'
import { clustered, foreignImage, ids, one, small, tagsOf, withBoto3 } from './launching.ts'

const { call, refusal, wait, run, refused, terminate } = withBoto3()

describe('RunInstances', () => {
  it('keeps what it was asked for', async () => {
    const { SecurityGroups } = await call('describe_security_groups')
    const { KeyName } = await call('create_key_pair', { KeyName: 'key', KeyType: 'ed25519' })
    await call('create_placement_group', { GroupName: 'pg', Strategy: 'cluster' })
    const reservation = await run({
      InstanceType: clustered.type,
      MinCount: 2,
      MaxCount: 2,
      KeyName,
      SecurityGroupIds: [SecurityGroups[0].GroupId],
      ClientToken: 'token-1',
      Placement: { AvailabilityZone: 'practice-1a', GroupName: 'pg' },
      CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      UserData: '#!/bin/sh\necho hello\n',
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true }
        }
      ],
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [
            { Key: 'rmada:network', Value: 'net' },
            { Key: 'rmada:ssh-port', Value: '99999' }
          ]
        },
        { ResourceType: 'volume', Tags: [{ Key: 'rmada:network', Value: 'net' }] }
      ]
    })
    expect(reservation.Instances.map((instance: Parsed) => instance.AmiLaunchIndex)).toEqual([0, 1])
    const instance = reservation.Instances[1]
    expect(instance).toMatchObject({
      KeyName: 'key',
      ClientToken: 'token-1',
      CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 },
      Placement: { AvailabilityZone: 'practice-1a', GroupName: 'pg', Tenancy: 'default' },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
      SecurityGroups: [{ GroupId: SecurityGroups[0].GroupId, GroupName: 'default' }],
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true, Status: 'attaching' } }]
    })
    // The port is the cloud's to say.
    expect(tagsOf(instance)).toEqual({ 'rmada:network': 'net', 'rmada:ssh-port': '22' })
    const volumes = await call('describe_tags', { Filters: [{ Name: 'resource-type', Values: ['volume'] }] })
    expect(volumes.Tags.map((tag: Parsed) => tag.ResourceId)).toContain(instance.BlockDeviceMappings[0].Ebs.VolumeId)

    // What instances use cannot be deleted.
    expect(await refusal('delete_placement_group', { GroupName: 'pg' })).toMatchObject({
      code: 'InvalidPlacementGroup.InUse',
      message: "The placement group 'pg' is in use and may not be deleted."
    })
    await terminate(ids(reservation))
    await call('delete_placement_group', { GroupName: 'pg' })
    await call('delete_key_pair', { KeyName: 'key' })
  })

  it('launches once for one client token', async () => {
    const asked = { ClientToken: 'once', MinCount: 2, MaxCount: 2 }
    // Both at once, as a client does that lost the first answer.
    const [first, second] = await Promise.all([run(asked), run(asked)])
    expect(second.ReservationId).toBe(first.ReservationId)
    expect(ids(second)).toEqual(ids(first))
    expect(await refused({ ...asked, MaxCount: 3 })).toEqual({
      code: 'IdempotentParameterMismatch',
      status: 400,
      message: 'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).'
    })
    const { Reservations } = await call('describe_instances', {
      Filters: [{ Name: 'client-token', Values: ['once'] }]
    })
    expect(Reservations.flatMap(ids)).toHaveLength(2)
    expect(await refused({ ClientToken: 'x'.repeat(65) })).toMatchObject({ code: 'InvalidParameterValue' })
    await terminate(ids(first))
  })

  it('takes subnet and groups from a network interface', async () => {
    const { Subnets } = await call('describe_subnets', {
      Filters: [{ Name: 'availability-zone', Values: ['practice-1c'] }]
    })
    const reservation = await run({
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: Subnets[0].SubnetId, AssociatePublicIpAddress: true }]
    })
    expect(reservation.Instances[0]).toMatchObject({
      SubnetId: Subnets[0].SubnetId,
      Placement: { AvailabilityZone: 'practice-1c' }
    })
    expect(reservation.Instances[0].NetworkInterfaces).toHaveLength(1)
    const after = await call('describe_subnets', { SubnetIds: [Subnets[0].SubnetId] })
    expect(after.Subnets[0].AvailableIpAddressCount).toBe(4090)
    expect(await refused({ SubnetId: Subnets[0].SubnetId, NetworkInterfaces: [{ DeviceIndex: 0 }] })).toMatchObject({
      code: 'InvalidParameterCombination'
    })
    await terminate(ids(reservation))
  })

  it('launches Spot instances, which cannot be stopped', async () => {
    const reservation = await run({
      InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { MaxPrice: '0.05', SpotInstanceType: 'one-time' } }
    })
    expect(reservation.Instances[0]).toMatchObject({
      InstanceLifecycle: 'spot',
      SpotInstanceRequestId: expect.stringMatching(/^sir-/)
    })
    await wait('instance_running', { InstanceIds: ids(reservation) })
    expect(await refusal('stop_instances', { InstanceIds: ids(reservation) })).toMatchObject({
      code: 'UnsupportedOperation'
    })
    await terminate(ids(reservation))
    expect(await refused({ InstanceMarketOptions: { MarketType: 'flea' } })).toMatchObject({
      code: 'InvalidParameterValue'
    })
  })

  it('launches nothing on a dry run, but says what is wrong', async () => {
    expect(await refused({ DryRun: true })).toMatchObject({ code: 'DryRunOperation', status: 412 })
    expect(await refused({ DryRun: true, InstanceType: 'z9.huge' })).toMatchObject({ code: 'InvalidParameterValue' })
    const { Reservations } = await call('describe_instances', {
      Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }]
    })
    expect(Reservations).toEqual([])
  })

  it('refuses what cannot be, each with its own code, and launches nothing', async () => {
    const sg = 'sg-00000000000000000'
    const cases: [object, string, RegExp][] = [
      [{ ImageId: 'ami-00000000000000000' }, 'InvalidAMIID.NotFound', /^The image id '\[ami-0+\]' does not exist$/],
      [{ ImageId: 'debian-12' }, 'InvalidAMIID.Malformed', /^Invalid id: "debian-12"/],
      [{ ImageId: null }, 'MissingParameter', /parameter ImageId/],
      [{ InstanceType: 'z9.huge' }, 'InvalidParameterValue', /^Invalid value 'z9\.huge' for InstanceType/],
      [
        { ImageId: foreignImage },
        'InvalidParameterValue',
        /^The architecture '.+' of the specified instance type does not match/
      ],
      [
        { Placement: { AvailabilityZone: 'mars-1a' } },
        'InvalidParameterValue',
        /^Invalid availability zone: \[mars-1a\]$/
      ],
      [
        {
          InstanceType: clustered.type,
          Placement: { AvailabilityZone: clustered.without }
        },
        'Unsupported',
        /is not supported in your requested Availability Zone/
      ],
      [{ KeyName: 'nobody' }, 'InvalidKeyPair.NotFound', /^The key pair 'nobody' does not exist$/],
      [{ SecurityGroupIds: [sg] }, 'InvalidGroup.NotFound', /^The security group 'sg-0+' does not exist$/],
      [
        { SubnetId: 'subnet-00000000000000000' },
        'InvalidSubnetID.NotFound',
        /^The subnet ID 'subnet-0+' does not exist$/
      ],
      [
        { Placement: { GroupName: 'nowhere' } },
        'InvalidPlacementGroup.Unknown',
        /^The Placement Group 'nowhere' is unknown\.$/
      ],
      [{ MinCount: 0 }, 'InvalidParameterValue', /MinCount/],
      [{ MinCount: -1 }, 'InvalidParameterValue', /MinCount/],
      [{ MinCount: 1.5 }, 'InvalidParameterValue', /MinCount/],
      [{ MinCount: null }, 'MissingParameter', /MinCount/],
      [{ MinCount: 3, MaxCount: 2 }, 'InvalidParameterCombination', /MinCount/],
      [{ MinCount: 1000, MaxCount: 1000 }, 'InstanceLimitExceeded', /^You have requested more instances \(1000\)/],
      [{ CpuOptions: { CoreCount: 64, ThreadsPerCore: 1 } }, 'InvalidParameterValue', /CPU options/],
      [{ CpuOptions: { ThreadsPerCore: 1 } }, 'InvalidParameterCombination', /CoreCount/],
      [{ UserData: 'x'.repeat(16_385) }, 'InvalidParameterValue', /^User data is limited to 16384 bytes$/],
      [
        { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 1 } }] },
        'InvalidBlockDeviceMapping',
        /smaller than snapshot/
      ],
      [{ MetadataOptions: { HttpTokens: 'perhaps' } }, 'InvalidParameterValue', /HttpTokens/],
      [
        { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'aws:x', Value: '' }] }] },
        'InvalidParameterValue',
        /reserved/
      ],
      [
        { TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'x', Value: '' }] }] },
        'InvalidParameterValue',
        /taggable/
      ],
      [
        {
          TagSpecifications: [
            { ResourceType: 'instance', Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' })) }
          ]
        },
        'TagLimitExceeded',
        /50/
      ],
      [{ LaunchTemplate: { LaunchTemplateName: 'x' } }, 'UnsupportedOperation', /LaunchTemplate/]
    ]
    for (const [more, code, message] of cases) {
      const asked = Object.fromEntries(Object.entries({ ...one, ...more }).filter(([, value]) => value !== null))
      const met = await refusal('run_instances', asked)
      expect({ more, ...met }).toMatchObject({ more, code, message: expect.stringMatching(message) })
    }
    const { Reservations } = await call('describe_instances', {
      Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }]
    })
    expect(Reservations).toEqual([])
  })

  it('does not put burstable types into a cluster, nor a cluster into two zones', async () => {
    await call('create_placement_group', { GroupName: 'tight', Strategy: 'cluster' })
    expect(await refused({ Placement: { GroupName: 'tight' } })).toMatchObject({
      code: 'InvalidParameterCombination',
      message: expect.stringContaining(`Cluster placement groups are not supported by the '${small}' instance type.`)
    })
    const { zones } = clustered
    const first = await run({
      InstanceType: clustered.type,
      Placement: { GroupName: 'tight', AvailabilityZone: zones[0] }
    })
    // Without a zone of its own the second goes to the first.
    const second = await run({ InstanceType: clustered.type, Placement: { GroupName: 'tight' } })
    expect(second.Instances[0].Placement.AvailabilityZone).toBe(zones[0])
    expect(
      await refused({ InstanceType: clustered.type, Placement: { GroupName: 'tight', AvailabilityZone: zones[1] } })
    ).toMatchObject({ code: 'InvalidParameterCombination' })
    await terminate([...ids(first), ...ids(second)])
  })
})
