import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBoto3, type Boto3, type Parsed } from './boto3.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
let boto3: Boto3

beforeAll(async () => {
  cloud = await temporaryPractice()
  boto3 = startBoto3(cloud.practice)
})
afterAll(async () => {
  await boto3.close()
  await cloud.end()
})

describe('regions and zones', () => {
  it('has one region', async () => {
    const { Regions } = await boto3.call('describe_regions', {
      Filters: [{ Name: 'region-name', Values: ['practice-*'] }]
    })
    expect(Regions.map((region: Parsed) => region.RegionName)).toEqual(['practice-1'])
    expect(
      (await boto3.call('describe_regions', { Filters: [{ Name: 'region-name', Values: ['eu-*'] }] })).Regions
    ).toEqual([])
    expect(await boto3.refusal('describe_regions', { RegionNames: ['eu-west-1'] })).toMatchObject({
      code: 'InvalidParameterValue',
      message: 'Invalid region name: eu-west-1'
    })
  })

  it('has three zones', async () => {
    const { AvailabilityZones } = await boto3.call('describe_availability_zones')
    expect(AvailabilityZones.map((zone: Parsed) => [zone.ZoneName, zone.ZoneId, zone.State])).toEqual([
      ['practice-1a', 'prc1-az1', 'available'],
      ['practice-1b', 'prc1-az2', 'available'],
      ['practice-1c', 'prc1-az3', 'available']
    ])
    const one = await boto3.call('describe_availability_zones', { ZoneNames: ['practice-1b'] })
    expect(one.AvailabilityZones).toHaveLength(1)
    expect(await boto3.refusal('describe_availability_zones', { ZoneNames: ['practice-1z'] })).toMatchObject({
      code: 'InvalidParameterValue',
      message: 'Invalid availability zone: [practice-1z]'
    })
    expect(
      await boto3.refusal('describe_availability_zones', { Filters: [{ Name: 'colour', Values: ['red'] }] })
    ).toMatchObject({ code: 'InvalidParameterValue', message: "The filter 'colour' is invalid" })
  })
})

describe('instance types', () => {
  it('shows real shapes', async () => {
    const { InstanceTypes } = await boto3.call('describe_instance_types', {
      InstanceTypes: ['c7i.4xlarge', 'hpc7a.48xlarge', 'c7g.large']
    })
    const shapes = Object.fromEntries(
      InstanceTypes.map((type: Parsed) => [
        type.InstanceType,
        {
          vcpus: type.VCpuInfo.DefaultVCpus,
          cores: type.VCpuInfo.DefaultCores,
          memory: type.MemoryInfo.SizeInMiB,
          network: type.NetworkInfo.NetworkPerformance,
          architectures: type.ProcessorInfo.SupportedArchitectures,
          threads: type.VCpuInfo.ValidThreadsPerCore,
          strategies: type.PlacementGroupInfo.SupportedStrategies
        }
      ])
    )
    const strategies = ['cluster', 'partition', 'spread']
    expect(shapes).toEqual({
      'c7i.4xlarge': {
        vcpus: 16,
        cores: 8,
        memory: 32768,
        network: 'Up to 12.5 Gigabit',
        architectures: ['x86_64'],
        threads: [1, 2],
        strategies
      },
      'hpc7a.48xlarge': {
        vcpus: 96,
        cores: 96,
        memory: 786432,
        network: '300 Gigabit',
        architectures: ['x86_64'],
        threads: [1],
        strategies
      },
      'c7g.large': {
        vcpus: 2,
        cores: 2,
        memory: 4096,
        network: 'Up to 12.5 Gigabit',
        architectures: ['arm64'],
        threads: [1],
        strategies
      }
    })
  })

  it('pages through all of them without a gap or a repeat', async () => {
    const pages = await boto3.pages('describe_instance_types', { PaginationConfig: { PageSize: 7 } })
    const names = pages.flatMap((page) => page.InstanceTypes.map((type: Parsed) => type.InstanceType))
    expect(pages.length).toBeGreaterThan(3)
    expect(new Set(names).size).toBe(names.length)
    const whole = await boto3.call('describe_instance_types')
    expect(names).toEqual(whole.InstanceTypes.map((type: Parsed) => type.InstanceType))
    expect(names.length).toBeGreaterThanOrEqual(25)
  })

  it('filters by several fields at once', async () => {
    const { InstanceTypes } = await boto3.call('describe_instance_types', {
      Filters: [
        { Name: 'placement-group-info.supported-strategies', Values: ['cluster'] },
        { Name: 'processor-info.supported-architecture', Values: ['x86_64'] },
        { Name: 'instance-type', Values: ['c?i.*', 'hpc*'] },
        { Name: 'network-info.efa-supported', Values: ['true'] }
      ]
    })
    expect(InstanceTypes.map((type: Parsed) => type.InstanceType).sort()).toEqual([
      'c7i.48xlarge',
      'hpc6a.48xlarge',
      'hpc7a.12xlarge',
      'hpc7a.48xlarge'
    ])
  })

  it('refuses unknown types, pages that are too small and tokens that are not its own', async () => {
    expect(await boto3.refusal('describe_instance_types', { InstanceTypes: ['t3.micro', 'z9.huge'] })).toMatchObject({
      code: 'InvalidInstanceType',
      message: 'The following supplied instance types do not exist: [z9.huge]'
    })
    expect(await boto3.refusal('describe_instance_types', { MaxResults: 1 })).toMatchObject({
      code: 'InvalidParameterValue'
    })
    expect(await boto3.refusal('describe_instance_types', { NextToken: 'nonsense' })).toMatchObject({
      code: 'InvalidParameterValue',
      message: expect.stringContaining('Unable to parse pagination token')
    })
  })

  it('offers not every type in every zone', async () => {
    const offered = async (type: string) => {
      const { InstanceTypeOfferings } = await boto3.call('describe_instance_type_offerings', {
        LocationType: 'availability-zone',
        Filters: [{ Name: 'instance-type', Values: [type] }]
      })
      return InstanceTypeOfferings.map((offering: Parsed) => offering.Location)
    }
    expect(await offered('t3.micro')).toEqual(['practice-1a', 'practice-1b', 'practice-1c'])
    expect(await offered('hpc7a.48xlarge')).toEqual(['practice-1b'])
    const region = await boto3.call('describe_instance_type_offerings', {
      Filters: [{ Name: 'location', Values: ['practice-1'] }]
    })
    expect(region.InstanceTypeOfferings).toContainEqual({
      InstanceType: 'c7i.large',
      LocationType: 'region',
      Location: 'practice-1'
    })
    expect(await boto3.refusal('describe_instance_type_offerings', { LocationType: 'moon' })).toMatchObject({
      code: 'InvalidParameterValue'
    })
  })
})

describe('images and networks', () => {
  it('has images of its own, for both architectures', async () => {
    const { Images } = await boto3.call('describe_images', { Owners: ['self'] })
    expect(Images.map((image: Parsed) => [image.Name, image.Architecture, image.State])).toEqual([
      ['practice-linux-x86_64', 'x86_64', 'available'],
      ['practice-linux-arm64', 'arm64', 'available']
    ])
    expect(Images[0].BlockDeviceMappings[0]).toMatchObject({
      DeviceName: Images[0].RootDeviceName,
      Ebs: { VolumeSize: 8 }
    })
    expect((await boto3.call('describe_images', { Owners: ['amazon'] })).Images).toEqual([])
    const arm = await boto3.call('describe_images', {
      Filters: [
        { Name: 'architecture', Values: ['arm64'] },
        { Name: 'state', Values: ['available'] }
      ]
    })
    expect(arm.Images.map((image: Parsed) => image.Name)).toEqual(['practice-linux-arm64'])
    expect(await boto3.refusal('describe_images', { ImageIds: ['ami-00000000000000000'] })).toMatchObject({
      code: 'InvalidAMIID.NotFound',
      message: "The image id '[ami-00000000000000000]' does not exist"
    })
    expect(await boto3.refusal('describe_images', { ImageIds: ['debian'] })).toMatchObject({
      code: 'InvalidAMIID.Malformed',
      message: 'Invalid id: "debian" (expecting "ami-...")'
    })
  })

  it('has a default VPC with a subnet in every zone', async () => {
    const { Vpcs } = await boto3.call('describe_vpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] })
    expect(Vpcs).toEqual([expect.objectContaining({ IsDefault: true, State: 'available', CidrBlock: '172.31.0.0/16' })])
    const { Subnets } = await boto3.call('describe_subnets', { Filters: [{ Name: 'vpc-id', Values: [Vpcs[0].VpcId] }] })
    expect(
      Subnets.map((subnet: Parsed) => [subnet.AvailabilityZone, subnet.DefaultForAz, subnet.AvailableIpAddressCount])
    ).toEqual([
      ['practice-1a', true, 4091],
      ['practice-1b', true, 4091],
      ['practice-1c', true, 4091]
    ])
    expect(await boto3.refusal('describe_vpcs', { VpcIds: ['vpc-00000000000000000'] })).toMatchObject({
      code: 'InvalidVpcID.NotFound',
      message: "The vpc ID 'vpc-00000000000000000' does not exist"
    })
    expect(await boto3.refusal('describe_subnets', { SubnetIds: ['subnet-00000000000000000'] })).toMatchObject({
      code: 'InvalidSubnetID.NotFound',
      message: "The subnet ID 'subnet-00000000000000000' does not exist"
    })
  })
})
