import { badCombination, Ec2Error, invalidValue, missingParameter, unsupported } from '../protocol/error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import type { MetadataOptions } from '../state.ts'
import { readTagSpecifications } from '../tagging.ts'

const longestToken = 64
const mostUserData = 16_384

/** What RunInstances asks for, read and checked in itself; whether it fits the account comes after. */
export interface LaunchRequest {
  readonly imageId: string
  readonly type: string
  readonly minCount: number
  readonly maxCount: number
  readonly keyName: string | null
  readonly groupIds: readonly string[]
  readonly groupNames: readonly string[]
  readonly subnetId: string | null
  readonly zone: string | null
  readonly placementGroup: { readonly by: 'name' | 'id'; readonly value: string } | null
  readonly tenancy: string
  readonly cpu: { readonly cores: number; readonly threadsPerCore: number } | null
  readonly metadata: MetadataOptions
  readonly volumes: readonly WantedVolume[]
  /** Null: on demand. */
  readonly spot: { readonly maxPrice: string | null } | null
  readonly userData: string | null
  readonly clientToken: string | null
  readonly tags: ReadonlyMap<TaggedKind, Record<string, string>>
}

export interface WantedVolume {
  readonly device: string
  readonly sizeGib: number | null
  readonly type: string | null
  readonly deleteOnTermination: boolean | null
  readonly encrypted: boolean | null
}

const taggedKinds = ['instance', 'volume', 'network-interface', 'spot-instances-request'] as const
export type TaggedKind = (typeof taggedKinds)[number]

export function readLaunchRequest(parameters: Parameters): LaunchRequest {
  const minCount = readCount(parameters, 'MinCount')
  const maxCount = readCount(parameters, 'MaxCount')
  if (maxCount < minCount) throw badCombination('MinCount cannot be larger than MaxCount')
  const placement = parameters.structure('Placement')
  return {
    imageId: parameters.required('ImageId'),
    type: parameters.text('InstanceType') ?? 'm1.small',
    minCount,
    maxCount,
    keyName: parameters.text('KeyName') ?? null,
    ...readNetwork(parameters),
    zone: placement.text('AvailabilityZone') ?? null,
    placementGroup: readPlacementGroup(placement),
    tenancy: readTenancy(placement),
    cpu: readCpu(parameters.structure('CpuOptions')),
    metadata: readMetadata(parameters.structure('MetadataOptions')),
    volumes: parameters.structures('BlockDeviceMapping').map(readVolume),
    spot: readMarket(parameters.structure('InstanceMarketOptions')),
    userData: readUserData(parameters.text('UserData')),
    clientToken: readClientToken(parameters),
    tags: readTagSpecifications(parameters, taggedKinds)
  }
}

function readCount(parameters: Parameters, name: string): number {
  if (!parameters.has(name)) throw missingParameter(name)
  const count = parameters.integer(name, 1, 1_000_000)
  if (count === undefined) throw missingParameter(name)
  return count
}

function readPlacementGroup(placement: Parameters): LaunchRequest['placementGroup'] {
  const name = placement.text('GroupName')
  const id = placement.text('GroupId')
  if (name && id) throw badCombination('Placement.GroupName cannot be used with Placement.GroupId')
  return name ? { by: 'name', value: name } : id ? { by: 'id', value: id } : null
}

function readTenancy(placement: Parameters): string {
  const tenancy = placement.choice('Tenancy', ['default', 'dedicated', 'host']) ?? 'default'
  if (tenancy !== 'default') throw unsupported(`The practice cloud has no ${tenancy} tenancy.`)
  return tenancy
}

/** Subnet and groups stand at the top of the request or in its one network interface, never in both. */
function readNetwork(parameters: Parameters): Pick<LaunchRequest, 'groupIds' | 'groupNames' | 'subnetId'> {
  const groupIds = parameters.list('SecurityGroupId')
  const groupNames = parameters.list('SecurityGroup')
  const subnetId = parameters.text('SubnetId') ?? null
  const [networkInterface, second] = parameters.structures('NetworkInterface')
  if (!networkInterface) return { groupIds, groupNames, subnetId }
  if (second) throw unsupported('The practice cloud gives every instance one network interface.')
  if (groupIds.length + groupNames.length > 0 || subnetId !== null) {
    throw badCombination(
      'Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request'
    )
  }
  if (networkInterface.has('NetworkInterfaceId'))
    throw unsupported('The practice cloud keeps no network interfaces of their own.')
  if ((networkInterface.integer('DeviceIndex', 0, 15) ?? 0) !== 0) {
    throw badCombination('The primary network interface must have device index 0')
  }
  return {
    groupIds: networkInterface.list('SecurityGroupId'),
    groupNames: [],
    subnetId: networkInterface.text('SubnetId') ?? null
  }
}

function readCpu(options: Parameters): LaunchRequest['cpu'] {
  const cores = options.integer('CoreCount', 1, 1024)
  const threadsPerCore = options.integer('ThreadsPerCore', 1, 2)
  if (cores === undefined && threadsPerCore === undefined) return null
  if (cores === undefined || threadsPerCore === undefined) {
    throw badCombination('CpuOptions must have both CoreCount and ThreadsPerCore')
  }
  return { cores, threadsPerCore }
}

function readMetadata(options: Parameters): MetadataOptions {
  const onOff = ['enabled', 'disabled'] as const
  return {
    // The images say imdsSupport v2.0, which makes a token the default.
    httpTokens: options.choice('HttpTokens', ['optional', 'required']) ?? 'required',
    httpEndpoint: options.choice('HttpEndpoint', onOff) ?? 'enabled',
    httpPutResponseHopLimit: options.integer('HttpPutResponseHopLimit', 1, 64) ?? 2,
    httpProtocolIpv6: options.choice('HttpProtocolIpv6', onOff) ?? 'disabled',
    instanceMetadataTags: options.choice('InstanceMetadataTags', onOff) ?? 'disabled'
  }
}

function readVolume(mapping: Parameters): WantedVolume {
  const device = mapping.required('DeviceName')
  if (mapping.has('VirtualName') || mapping.has('NoDevice'))
    throw unsupported('The practice cloud maps EBS volumes only.')
  const ebs = mapping.structure('Ebs')
  const type = ebs.choice('VolumeType', ['gp3', 'gp2', 'io1', 'io2', 'st1', 'sc1', 'standard']) ?? null
  return {
    device,
    type,
    sizeGib: ebs.integer('VolumeSize', 1, 65_536) ?? null,
    deleteOnTermination: ebs.boolean('DeleteOnTermination') ?? null,
    encrypted: ebs.boolean('Encrypted') ?? null
  }
}

function readMarket(options: Parameters): LaunchRequest['spot'] {
  const market = options.text('MarketType')
  if (market === undefined) return null
  if (market !== 'spot') throw invalidValue(market, 'InstanceMarketOptions.MarketType', 'Valid values: spot.')
  const spot = options.structure('SpotOptions')
  if (spot.choice('SpotInstanceType', ['one-time', 'persistent']) === 'persistent') {
    throw unsupported('The practice cloud has one-time Spot requests only.')
  }
  const price = spot.text('MaxPrice')
  if (price !== undefined && !/^\d+(\.\d+)?$/.test(price)) throw invalidValue(price, 'SpotOptions.MaxPrice')
  return { maxPrice: price ?? null }
}

function readUserData(text: string | undefined): string | null {
  if (text === undefined || text === '') return null
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) {
    throw new Ec2Error('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.')
  }
  if (Buffer.from(text, 'base64').length > mostUserData) {
    throw new Ec2Error('InvalidParameterValue', `User data is limited to ${mostUserData} bytes`)
  }
  return text
}

function readClientToken(parameters: Parameters): string | null {
  const token = parameters.text('ClientToken')
  if (token === undefined || token === '') return null
  if (token.length > longestToken || !/^[\x21-\x7e]+$/.test(token)) {
    throw invalidValue(token, 'ClientToken', `A client token has at most ${longestToken} ASCII characters.`)
  }
  return token
}
