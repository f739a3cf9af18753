import { practiceZones } from '../../catalogue.ts'
import type { Actions, Context } from '../action.ts'
import { notFound } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { checkIdForm } from '../protocol/ids.ts'
import { page } from '../protocol/pages.ts'
import { tagsOf, type State } from '../state.ts'
import { tagSet } from '../tagging.ts'

const limits = { least: 5, most: 1000 }
type Subnet = State['subnets'][number]

/** EC2 keeps five addresses of every subnet for itself. */
const freeAddresses = (state: State, subnet: Subnet) => {
  const bits = 32 - Number(subnet.cidr.split('/')[1])
  const used = state.instances.filter(
    (instance) => instance.subnetId === subnet.id && instance.state !== 'terminated'
  ).length
  return 2 ** bits - 5 - used
}

const zoneId = (name: string) => practiceZones.find((zone) => zone.name === name)?.id ?? null

function describeSubnet(subnet: Subnet, { state, region }: Context) {
  return {
    subnetId: subnet.id,
    subnetArn: `arn:aws:ec2:${region}:${state.accountId}:subnet/${subnet.id}`,
    state: 'available',
    ownerId: state.accountId,
    vpcId: state.vpc.id,
    cidrBlock: subnet.cidr,
    ipv6CidrBlockAssociationSet: [],
    assignIpv6AddressOnCreation: false,
    availableIpAddressCount: freeAddresses(state, subnet),
    availabilityZone: subnet.zone,
    availabilityZoneId: zoneId(subnet.zone),
    defaultForAz: true,
    mapPublicIpOnLaunch: true,
    tagSet: tagSet(tagsOf(state, subnet.id))
  }
}

export const networkingActions: Actions = {
  DescribeVpcs: {
    accepts: ['Filter', 'VpcId', 'MaxResults', 'NextToken'],
    run(parameters, { state }) {
      const ids = parameters.list('VpcId')
      checkIdForm(ids, 'vpc', 'InvalidVpcID.Malformed')
      const unknown = ids.filter((id) => id !== state.vpc.id)
      if (unknown.length > 0) throw notFound('InvalidVpcID.NotFound', 'vpc ID', unknown)
      const vpcs = select(
        [state.vpc],
        readFilters(parameters),
        {
          'vpc-id': (vpc) => vpc.id,
          'is-default': () => 'true',
          isDefault: () => 'true',
          state: () => 'available',
          cidr: (vpc) => vpc.cidr,
          'cidr-block-association.cidr-block': (vpc) => vpc.cidr,
          'owner-id': () => state.accountId,
          'dhcp-options-id': (vpc) => vpc.dhcpOptionsId
        },
        (vpc) => tagsOf(state, vpc.id)
      )
      const { items, nextToken } = page(parameters, vpcs, () => 0, limits)
      return {
        vpcSet: items.map((vpc) => ({
          vpcId: vpc.id,
          ownerId: state.accountId,
          state: 'available',
          cidrBlock: vpc.cidr,
          dhcpOptionsId: vpc.dhcpOptionsId,
          instanceTenancy: 'default',
          isDefault: true,
          tagSet: tagSet(tagsOf(state, vpc.id))
        })),
        nextToken
      }
    }
  },

  DescribeSubnets: {
    accepts: ['Filter', 'SubnetId', 'MaxResults', 'NextToken'],
    run(parameters, context) {
      const { state } = context
      const ids = parameters.list('SubnetId')
      checkIdForm(ids, 'subnet', 'InvalidSubnetID.Malformed')
      const unknown = ids.filter((id) => !state.subnets.some((subnet) => subnet.id === id))
      if (unknown.length > 0) throw notFound('InvalidSubnetID.NotFound', 'subnet ID', unknown)
      const wanted = state.subnets.filter((subnet) => ids.length === 0 || ids.includes(subnet.id))
      const zone = (subnet: Subnet) => subnet.zone
      const chosen = select(
        wanted,
        readFilters(parameters),
        {
          'subnet-id': (subnet) => subnet.id,
          'vpc-id': () => state.vpc.id,
          'availability-zone': zone,
          availabilityZone: zone,
          'availability-zone-id': (subnet) => zoneId(subnet.zone),
          'default-for-az': () => 'true',
          defaultForAz: () => 'true',
          state: () => 'available',
          'cidr-block': (subnet) => subnet.cidr,
          cidr: (subnet) => subnet.cidr,
          'map-public-ip-on-launch': () => 'true',
          'owner-id': () => state.accountId,
          'available-ip-address-count': (subnet) => String(freeAddresses(state, subnet))
        },
        (subnet) => tagsOf(state, subnet.id)
      )
      const { items, nextToken } = page(parameters, chosen, (subnet) => state.subnets.indexOf(subnet), limits)
      return { subnetSet: items.map((subnet) => describeSubnet(subnet, context)), nextToken }
    }
  }
}
