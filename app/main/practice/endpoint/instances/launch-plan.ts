import {
  catalogueType,
  machineArchitecture,
  practiceZones,
  type CatalogueImage,
  type CatalogueType
} from '../../catalogue.ts'
import { spotPriceAt } from '../../prices.ts'
import { unknownPlacementGroup } from '../actions/placement-groups.ts'
import { checkImages, knownImages } from '../images/image-rules.ts'
import { badCombination, Ec2Error, notFound, unsupported } from '../protocol/error.ts'
import { checkIdForm } from '../protocol/ids.ts'
import { instancesLeft, quotaExceeded } from '../quotas.ts'
import { groupById, groupByName } from '../security-rules.ts'
import type { State } from '../state.ts'
import type { LaunchRequest, WantedVolume } from './launch-request.ts'

/** How many instances the account may have at a time; each is a real machine on this computer. */
const instanceLimit = 32

const invalid = (message: string) => new Ec2Error('InvalidParameterValue', message)

/** The request with every name resolved to what the account has. */
export interface LaunchPlan {
  readonly count: number
  readonly image: CatalogueImage
  readonly type: CatalogueType
  readonly zone: string
  readonly subnetId: string
  readonly groupIds: readonly string[]
  readonly placementGroup: string | null
  readonly publicKeys: readonly string[]
  readonly cores: number
  readonly threadsPerCore: number
  readonly volumes: readonly (Omit<WantedVolume, 'sizeGib'> & { readonly sizeGib: number })[]
}

/** Fits a request to the account, or refuses it with the error that EC2 has for the reason. */
export function planLaunch(request: LaunchRequest, state: State): LaunchPlan {
  const image = findImage(request.imageId, state)
  const type = catalogueType(request.type)
  if (!type) throw invalid(`Invalid value '${request.type}' for InstanceType.`)
  checkArchitecture(type, image)
  if (request.spot && !type.spot) throw unsupported(`The instance type '${type.name}' is not offered as Spot.`)
  const placementGroup = findPlacementGroup(request, state, type)
  const place = choosePlace(request, state, type, placementGroup)
  if (request.spot) checkMaxPrice(request.spot.maxPrice, type, place.zone)
  return {
    count: countAllowed(request, state, type),
    image,
    type,
    ...place,
    groupIds: findGroups(request, state),
    placementGroup,
    publicKeys: findKey(request.keyName, state),
    ...chooseCpu(request, type),
    volumes: chooseVolumes(request, image)
  }
}

function checkMaxPrice(maxPrice: string | null, type: CatalogueType, zone: string): void {
  const price = spotPriceAt(type, zone, Date.now())?.price
  if (maxPrice === null || price === undefined || Number(maxPrice) >= price) return
  throw new Ec2Error(
    'SpotMaxPriceTooLow',
    `Your Spot request price of ${maxPrice} is lower than the minimum required Spot request fulfillment price of ` +
      `${price.toFixed(4)}.`
  )
}

function findImage(id: string, state: State): CatalogueImage {
  checkImages([id], state)
  const image = knownImages(state).find((known) => known.id === id)
  if (image?.state === 'available') return image
  throw new Ec2Error('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`)
}

function checkArchitecture(type: CatalogueType, image: CatalogueImage): void {
  if (type.architecture !== image.architecture) {
    throw invalid(
      `The architecture '${type.architecture}' of the specified instance type does not match the architecture ` +
        `'${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching ` +
        'architectures, and try again.'
    )
  }
  if (image.architecture !== machineArchitecture) {
    throw unsupported(
      `Practice machines run on this computer, which is ${machineArchitecture}: an image for ${image.architecture} ` +
        'cannot boot here.'
    )
  }
}

function findPlacementGroup({ placementGroup }: LaunchRequest, state: State, type: CatalogueType): string | null {
  if (placementGroup === null) return null
  const group = state.placementGroups.find((candidate) => candidate[placementGroup.by] === placementGroup.value)
  if (!group) throw unknownPlacementGroup(placementGroup.value)
  if (group.strategy === 'cluster' && !type.clusterPlacement) {
    throw badCombination(
      `Cluster placement groups are not supported by the '${type.name}' instance type. Specify a supported ` +
        'instance type or change the placement group strategy, and try again.'
    )
  }
  return group.name
}

/** The zone is the subnet's, the one asked for, the cluster's, or else the first that has the type. */
function choosePlace(request: LaunchRequest, state: State, type: CatalogueType, placementGroup: string | null) {
  const asked = request.subnetId === null ? request.zone : zoneOfSubnet(request.subnetId, state)
  if (asked !== null && !practiceZones.some((zone) => zone.name === asked))
    throw invalid(`Invalid availability zone: [${asked}]`)
  if (request.zone !== null && asked !== request.zone) {
    throw invalid(`The availability zone '${request.zone}' is not that of the subnet '${request.subnetId}'.`)
  }
  const clusterZone = zoneOfCluster(placementGroup, state)
  if (asked !== null && clusterZone !== null && asked !== clusterZone) {
    throw badCombination(
      `The instances of placement group '${placementGroup}' stand in ${clusterZone}; a cluster cannot span zones.`
    )
  }
  const zone = asked ?? clusterZone ?? type.zones[0]
  if (zone === undefined || !type.zones.includes(zone)) {
    throw new Ec2Error(
      'Unsupported',
      `Your requested instance type (${type.name}) is not supported in your requested ` +
        `Availability Zone (${zone}). Please retry your request by not specifying an Availability Zone or choosing ` +
        `${type.zones.join(', ')}.`
    )
  }
  const subnet = state.subnets.find((candidate) => candidate.zone === zone)
  if (!subnet) throw new Ec2Error('MissingInput', `No default subnet for availability zone: '${zone}'.`)
  return { zone, subnetId: subnet.id }
}

function zoneOfSubnet(id: string, state: State): string {
  checkIdForm([id], 'subnet', 'InvalidSubnetID.Malformed')
  const subnet = state.subnets.find((candidate) => candidate.id === id)
  if (!subnet) throw notFound('InvalidSubnetID.NotFound', 'subnet ID', [id])
  return subnet.zone
}

function zoneOfCluster(name: string | null, state: State): string | null {
  const group = state.placementGroups.find((candidate) => candidate.name === name)
  if (group?.strategy !== 'cluster') return null
  return (
    state.instances.find((instance) => instance.placementGroup === name && instance.state !== 'terminated')?.zone ??
    null
  )
}

function findGroups(request: LaunchRequest, state: State): string[] {
  const groups = [
    ...request.groupIds.map((id) => groupById(state, id).id),
    ...request.groupNames.map((name) => groupByName(state, name).id)
  ]
  return groups.length > 0 ? [...new Set(groups)] : [state.defaultSecurityGroupId]
}

function findKey(name: string | null, state: State): string[] {
  if (name === null) return []
  const pair = state.keyPairs.find((candidate) => candidate.name === name)
  if (!pair) throw notFound('InvalidKeyPair.NotFound', 'key pair', [name])
  return [`${pair.publicKey} ${pair.name}`]
}

function chooseCpu({ cpu }: LaunchRequest, type: CatalogueType) {
  if (cpu === null) return { cores: type.cores, threadsPerCore: type.threadsPerCore }
  if (cpu.cores > type.cores || cpu.threadsPerCore > type.threadsPerCore) {
    throw invalid(
      `The following CPU options are not supported by ${type.name}: CoreCount ${cpu.cores}, ThreadsPerCore ` +
        `${cpu.threadsPerCore}. It has up to ${type.cores} cores with ${type.threadsPerCore} threads each.`
    )
  }
  return cpu
}

function chooseVolumes({ volumes }: LaunchRequest, image: CatalogueImage): LaunchPlan['volumes'] {
  const devices = volumes.map((volume) => volume.device)
  const twice = devices.find((device, index) => devices.indexOf(device) !== index)
  if (twice !== undefined) throw invalid(`The device '${twice}' is used in more than one block-device mapping`)
  const root = volumes.find((volume) => volume.device === image.rootDevice)
  if (root?.sizeGib && root.sizeGib < image.rootGib) {
    throw new Ec2Error(
      'InvalidBlockDeviceMapping',
      `Volume of size ${root.sizeGib}GB is smaller than snapshot '${image.snapshotId}', ` +
        `expect size>= ${image.rootGib}GB`
    )
  }
  const others = volumes
    .filter((volume) => volume !== root)
    .map((volume) => {
      if (volume.sizeGib === null)
        throw new Ec2Error('MissingParameter', `The request must contain the parameter size or snapshotId`)
      return { ...volume, sizeGib: volume.sizeGib, deleteOnTermination: volume.deleteOnTermination ?? true }
    })
  const whole = {
    device: image.rootDevice,
    type: root?.type ?? 'gp3',
    sizeGib: root?.sizeGib ?? image.rootGib,
    deleteOnTermination: root?.deleteOnTermination ?? true,
    encrypted: root?.encrypted ?? false
  }
  return [whole, ...others]
}

/** As many as the account's limit leaves, between the two counts. */
function countAllowed(request: LaunchRequest, state: State, type: CatalogueType): number {
  const left = instanceLimit - state.instances.filter((instance) => instance.state !== 'terminated').length
  if (left < request.minCount) {
    throw new Ec2Error(
      'InstanceLimitExceeded',
      `You have requested more instances (${request.minCount}) than your current ` +
        `instance limit of ${instanceLimit} allows for the specified instance type; ${Math.max(0, left)} are left.`
    )
  }
  const byVcpus = instancesLeft(type, request.spot !== null, state)
  if (byVcpus < request.minCount) throw quotaExceeded(type, request.spot !== null)
  return Math.min(request.maxCount, left, byVcpus)
}
