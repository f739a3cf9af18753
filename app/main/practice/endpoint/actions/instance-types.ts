import { catalogueType, catalogueTypes, practiceRegion, practiceZones, type CatalogueType } from '../../catalogue.ts'
import type { Actions } from '../action.ts'
import { badCombination, Ec2Error } from '../protocol/error.ts'
import { readFilters, select, type FilterFields } from '../protocol/filters.ts'
import { page } from '../protocol/pages.ts'
import type { Reply } from '../protocol/xml.ts'

const usages = (type: CatalogueType) => (type.spot ? ['on-demand', 'spot'] : ['on-demand'])
const strategies = (type: CatalogueType) => [...(type.clusterPlacement ? ['cluster'] : []), 'partition', 'spread']
const threads = (type: CatalogueType) => (type.threadsPerCore > 1 ? [1, type.threadsPerCore] : [1])
const ena = (type: CatalogueType) => (type.hypervisor === 'nitro' ? 'required' : 'unsupported')

const fields: FilterFields<CatalogueType> = {
  'instance-type': (type) => type.name,
  'current-generation': (type) => String(type.currentGeneration),
  'bare-metal': () => 'false',
  'burstable-performance-supported': (type) => String(type.burstable),
  'free-tier-eligible': (type) => String(type.freeTier),
  hypervisor: (type) => type.hypervisor,
  'memory-info.size-in-mib': (type) => String(type.memoryMib),
  'network-info.efa-supported': (type) => String(type.efa),
  'network-info.ena-support': ena,
  'network-info.network-performance': (type) => type.network,
  'placement-group-info.supported-strategies': strategies,
  'processor-info.supported-architecture': (type) => type.architecture,
  'supported-usage-class': usages,
  'supported-root-device-type': () => 'ebs',
  'supported-virtualization-type': () => 'hvm',
  'vcpu-info.default-vcpus': (type) => String(type.vcpus),
  'vcpu-info.default-cores': (type) => String(type.cores),
  'vcpu-info.default-threads-per-core': (type) => String(type.threadsPerCore),
  'vcpu-info.valid-threads-per-core': (type) => threads(type).map(String)
}

function describe(type: CatalogueType): Reply {
  return {
    instanceType: type.name,
    currentGeneration: type.currentGeneration,
    freeTierEligible: type.freeTier,
    supportedUsageClasses: usages(type),
    supportedRootDeviceTypes: ['ebs'],
    supportedVirtualizationTypes: ['hvm'],
    // Graviton has no BIOS.
    supportedBootModes: type.architecture === 'arm64' ? ['uefi'] : ['legacy-bios', 'uefi'],
    bareMetal: false,
    hypervisor: type.hypervisor,
    processorInfo: { supportedArchitectures: [type.architecture] },
    vCpuInfo: {
      defaultVCpus: type.vcpus,
      defaultCores: type.cores,
      defaultThreadsPerCore: type.threadsPerCore,
      validThreadsPerCore: threads(type)
    },
    memoryInfo: { sizeInMiB: type.memoryMib },
    networkInfo: { networkPerformance: type.network, efaSupported: type.efa, enaSupport: ena(type) },
    gpuInfo: type.gpu && {
      gpus: [
        {
          name: type.gpu.name,
          manufacturer: type.gpu.manufacturer,
          count: type.gpu.count,
          memoryInfo: { sizeInMiB: type.gpu.memoryMib }
        }
      ],
      totalGpuMemoryInMiB: type.gpu.count * type.gpu.memoryMib
    },
    placementGroupInfo: { supportedStrategies: strategies(type) },
    burstablePerformanceSupported: type.burstable
  }
}

const position = (type: CatalogueType) => catalogueTypes.indexOf(type)

export const instanceTypeActions: Actions = {
  DescribeInstanceTypes: {
    accepts: ['InstanceType', 'Filter', 'MaxResults', 'NextToken'],
    run(parameters) {
      const names = parameters.list('InstanceType')
      if (names.length > 0 && parameters.has('MaxResults')) {
        throw badCombination('The parameter instanceTypes cannot be used with the parameter maxResults')
      }
      const unknown = names.filter((name) => !catalogueType(name))
      if (unknown.length > 0) {
        throw new Ec2Error(
          'InvalidInstanceType',
          `The following supplied instance types do not exist: [${unknown.join(', ')}]`
        )
      }
      const wanted = catalogueTypes.filter((type) => names.length === 0 || names.includes(type.name))
      const { items, nextToken } = page(parameters, select(wanted, readFilters(parameters), fields), position, {
        least: 5,
        most: 100
      })
      return { instanceTypeSet: items.map(describe), nextToken }
    }
  },

  DescribeInstanceTypeOfferings: {
    accepts: ['LocationType', 'Filter', 'MaxResults', 'NextToken'],
    run(parameters) {
      const kind =
        parameters.choice('LocationType', ['region', 'availability-zone', 'availability-zone-id']) ?? 'region'
      const offerings = catalogueTypes
        .flatMap((type) => {
          const zones = practiceZones.filter((zone) => type.zones.includes(zone.name))
          const places =
            kind === 'region'
              ? [practiceRegion]
              : zones.map((zone) => (kind === 'availability-zone' ? zone.name : zone.id))
          return places.map((location) => ({ type: type.name, location }))
        })
        .map((offering, sequence) => ({ ...offering, sequence }))
      const chosen = select(offerings, readFilters(parameters), {
        'instance-type': (offering) => offering.type,
        location: (offering) => offering.location
      })
      const { items, nextToken } = page(parameters, chosen, (offering) => offering.sequence, { least: 5, most: 1000 })
      return {
        instanceTypeOfferingSet: items.map(({ type, location }) => ({
          instanceType: type,
          locationType: kind,
          location
        })),
        nextToken
      }
    }
  }
}
