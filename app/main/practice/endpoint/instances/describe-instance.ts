import { catalogueType } from '../../catalogue.ts'
import { imageOfInstance } from '../images/image-rules.ts'
import type { Reply, XmlValue } from '../protocol/xml.ts'
import { tagsOf, type InstanceRecord, type State } from '../state.ts'
import { tagSet } from '../tagging.ts'
import { stateCodes } from './lifecycle.ts'

export const stateOf = (instance: Pick<InstanceRecord, 'state'>) => ({
  code: stateCodes[instance.state],
  name: instance.state
})

const groupSet = (ids: readonly string[], state: State): XmlValue =>
  ids.map((id) => ({ groupId: id, groupName: state.securityGroups.find((group) => group.id === id)?.name }))

export const privateDnsName = (instance: InstanceRecord, region: string) =>
  instance.address ? `${instance.address.hostName}.${region}.compute.internal` : ''

/**
 * An instance as DescribeInstances and RunInstances show it. The public DNS name is empty, as in a VPC without DNS
 * host names: nothing here would resolve one.
 */
function describeInstance(instance: InstanceRecord, state: State, region: string): Reply {
  const type = catalogueType(instance.type)
  const image = imageOfInstance(state, instance.imageId)
  const gone = instance.state === 'terminated'
  return {
    instanceId: instance.id,
    imageId: instance.imageId,
    instanceState: stateOf(instance),
    privateDnsName: privateDnsName(instance, region),
    dnsName: '',
    reason: reasonText(instance),
    keyName: instance.keyName,
    amiLaunchIndex: instance.launchIndex,
    productCodes: [],
    instanceType: instance.type,
    launchTime: instance.launchedAt,
    placement: { availabilityZone: instance.zone, groupName: instance.placementGroup ?? '', tenancy: instance.tenancy },
    monitoring: { state: 'disabled' },
    ...(gone ? { groupSet: [], networkInterfaceSet: [] } : network(instance, state, region)),
    architecture: image?.architecture,
    rootDeviceType: 'ebs',
    rootDeviceName: image?.rootDevice,
    blockDeviceMapping: gone
      ? []
      : blockDevices(instance, state),
    virtualizationType: 'hvm',
    hypervisor: 'xen',
    clientToken: instance.clientToken ?? '',
    tagSet: tagSet(tagsOf(state, instance.id)),
    ebsOptimized: false,
    enaSupport: type?.hypervisor === 'nitro',
    instanceLifecycle: instance.spotRequestId === null ? null : 'spot',
    spotInstanceRequestId: instance.spotRequestId,
    stateReason: instance.reason,
    cpuOptions: { coreCount: instance.cores, threadsPerCore: instance.threadsPerCore },
    capacityReservationSpecification: { capacityReservationPreference: 'open' },
    hibernationOptions: { configured: false },
    metadataOptions: { state: instance.state === 'pending' ? 'pending' : 'applied', ...instance.metadata },
    enclaveOptions: { enabled: false },
    platformDetails: 'Linux/UNIX',
    usageOperation: 'RunInstances',
    usageOperationUpdateTime: instance.launchedAt,
    maintenanceOptions: { autoRecovery: 'default' }
  }
}

/** Its own disks, then the volumes that are attached to it. */
function blockDevices(instance: InstanceRecord, state: State): XmlValue {
  const own = instance.volumes.map((volume) => ({
    deviceName: volume.device,
    ebs: {
      volumeId: volume.id,
      status: instance.state === 'pending' ? 'attaching' : 'attached',
      attachTime: instance.launchedAt,
      deleteOnTermination: volume.deleteOnTermination
    }
  }))
  const attached = state.volumes.flatMap(({ id, attachment }) => attachment?.instanceId !== instance.id ? [] : [{
    deviceName: attachment.device,
    ebs: {
      volumeId: id,
      status: attachment.state === 'busy' ? 'detaching' : attachment.state,
      attachTime: attachment.attachedAt,
      deleteOnTermination: attachment.deleteOnTermination
    }
  }])
  return [...own, ...attached]
}

/** EC2's older field for the reason, with the time. */
function reasonText({ reason, stateSince }: InstanceRecord): string {
  if (!reason) return ''
  const time = new Date(stateSince).toISOString().replace('T', ' ').slice(0, 19)
  return `${reason.message.split(': ').at(-1)} (${time} GMT)`
}

function network(instance: InstanceRecord, state: State, region: string): Reply {
  const groups = groupSet(instance.securityGroupIds, state)
  const privateIpAddress = instance.address?.privateIp
  const publicIp = instance.address?.publicIp || null
  const dns = privateDnsName(instance, region)
  const association = publicIp === null ? null : { publicIp, publicDnsName: '', ipOwnerId: 'amazon' }
  return {
    subnetId: instance.subnetId,
    vpcId: state.vpc.id,
    privateIpAddress,
    ipAddress: publicIp,
    sourceDestCheck: true,
    groupSet: groups,
    networkInterfaceSet: [
      {
        networkInterfaceId: instance.networkInterfaceId,
        subnetId: instance.subnetId,
        vpcId: state.vpc.id,
        description: '',
        ownerId: state.accountId,
        status: 'in-use',
        privateIpAddress,
        privateDnsName: dns,
        sourceDestCheck: true,
        groupSet: groups,
        interfaceType: 'interface',
        attachment: {
          attachmentId: instance.attachmentId,
          deviceIndex: 0,
          networkCardIndex: 0,
          attachTime: instance.launchedAt,
          deleteOnTermination: true,
          status: instance.state === 'pending' ? 'attaching' : 'attached'
        },
        association,
        privateIpAddressesSet:
          privateIpAddress === undefined ? [] : [{ privateIpAddress, privateDnsName: dns, primary: true, association }]
      }
    ]
  }
}

/** A reservation with those of its instances that are to be shown. */
export function describeReservation(
  id: string,
  instances: readonly InstanceRecord[],
  state: State,
  region: string
): Reply {
  return {
    reservationId: id,
    ownerId: state.accountId,
    groupSet: [],
    instancesSet: instances.map((instance) => describeInstance(instance, state, region))
  }
}
