import type { InstanceTypeInfo } from '@aws-sdk/client-ec2'
import type { InstanceType, Zone } from '../../../contract/index.ts'
import type { Session } from './session.ts'

/** The zones of the region that can be launched into. Local and wavelength zones need an opt-in and are left out. */
export async function listZones(session: Session): Promise<readonly Zone[]> {
  const { AvailabilityZones } = await session.call(
    'DescribeAvailabilityZones',
    (client, { DescribeAvailabilityZonesCommand }) => client.send(new DescribeAvailabilityZonesCommand({}))
  )
  return (AvailabilityZones ?? [])
    .filter((zone) => zone.ZoneType === undefined || zone.ZoneType === 'availability-zone')
    .map((zone) => ({ name: zone.ZoneName ?? '', state: zone.State ?? 'available' }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

function toInstanceType(info: InstanceTypeInfo, zones: readonly string[]): InstanceType | null {
  const architectures = (info.ProcessorInfo?.SupportedArchitectures ?? []).filter(
    (name) => name === 'x86_64' || name === 'arm64'
  )
  if (!info.InstanceType || architectures.length === 0) return null
  const vcpus = info.VCpuInfo?.DefaultVCpus ?? 1
  return {
    name: info.InstanceType,
    vcpus,
    cores: info.VCpuInfo?.DefaultCores ?? vcpus,
    threadsPerCore: info.VCpuInfo?.DefaultThreadsPerCore ?? 1,
    memoryGib: (info.MemoryInfo?.SizeInMiB ?? 0) / 1024,
    network: info.NetworkInfo?.NetworkPerformance ?? '',
    architectures,
    ...(info.SupportedVirtualizationTypes ? { virtualizations: info.SupportedVirtualizationTypes } : {}),
    ...(info.NetworkInfo?.EnaSupport ? { ena: info.NetworkInfo.EnaSupport } : {}),
    ...(info.SupportedBootModes ? { bootModes: info.SupportedBootModes } : {}),
    ...(info.SupportedUsageClasses ? { spotSold: info.SupportedUsageClasses.includes('spot') } : {}),
    clusterPlacement: info.PlacementGroupInfo?.SupportedStrategies?.includes('cluster') ?? false,
    currentGeneration: info.CurrentGeneration ?? false,
    gpus: (info.GpuInfo?.Gpus ?? []).reduce((sum, gpu) => sum + (gpu.Count ?? 0), 0),
    gpuNames: [...new Set((info.GpuInfo?.Gpus ?? []).map((gpu) => `${gpu.Manufacturer ?? ''} ${gpu.Name ?? ''}`.trim()))],
    efa: info.NetworkInfo?.EfaSupported ?? false,
    burstable: info.BurstablePerformanceSupported ?? false,
    zones: [...zones],
    // Prices come from elsewhere: the price list, and the history of Spot prices.
    pricePerHour: null,
    priceSource: null,
    priceDate: null,
    spotPrices: [],
    spotPricePerHour: null
  }
}

/** Every instance type that the region offers, with the zones that have it. */
export async function listInstanceTypes(session: Session): Promise<readonly InstanceType[]> {
  const [infos, zones] = await Promise.all([describeTypes(session), offeredZones(session)])
  return infos
    .map((info) => toInstanceType(info, zones.get(info.InstanceType ?? '') ?? []))
    .filter((type) => type !== null)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

function describeTypes(session: Session): Promise<InstanceTypeInfo[]> {
  return session.call('DescribeInstanceTypes', async (client, { paginateDescribeInstanceTypes }) => {
    const infos: InstanceTypeInfo[] = []
    for await (const page of paginateDescribeInstanceTypes({ client, pageSize: 100 }, {}))
      infos.push(...(page.InstanceTypes ?? []))
    return infos
  })
}

function offeredZones(session: Session): Promise<Map<string, string[]>> {
  return session.call('DescribeInstanceTypeOfferings', async (client, { paginateDescribeInstanceTypeOfferings }) => {
    const zones = new Map<string, string[]>()
    for await (const page of paginateDescribeInstanceTypeOfferings(
      { client, pageSize: 1000 },
      { LocationType: 'availability-zone' }
    )) {
      for (const { InstanceType: type, Location } of page.InstanceTypeOfferings ?? []) {
        if (type && Location) zones.set(type, [...(zones.get(type) ?? []), Location].toSorted())
      }
    }
    return zones
  })
}

/** Id of the default VPC, or null. */
export async function findDefaultVpc(session: Session): Promise<string | null> {
  const { Vpcs } = await session.call('DescribeVpcs', (client, { DescribeVpcsCommand }) =>
    client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }))
  )
  return Vpcs?.[0]?.VpcId ?? null
}

/**
 * How many cores a type has; EC2 wants their number along with the threads of each. Null where the type cannot have
 * this number of threads a core, or has it anyway: nothing is to be said then.
 */
export async function coresOf(session: Session, type: string, threads: number): Promise<number | null> {
  const { InstanceTypes } = await session.call('DescribeInstanceTypes', (client, { DescribeInstanceTypesCommand }) =>
    // A name that EC2 does not know is EC2's to refuse; the SDK's own list of names is older than EC2's.
    client.send(
      new DescribeInstanceTypesCommand({ InstanceTypes: [type as NonNullable<InstanceTypeInfo['InstanceType']>] })
    )
  )
  const cpu = InstanceTypes?.[0]?.VCpuInfo
  if (cpu?.DefaultThreadsPerCore === threads || !cpu?.ValidThreadsPerCore?.includes(threads)) return null
  return cpu.DefaultCores ?? null
}
