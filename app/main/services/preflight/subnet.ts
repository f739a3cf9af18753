import type { Finding, ResolvedSpec } from '../../../contract/index.ts'
import type { SubnetRecord } from '../../core/ports/index.ts'
import { quoted } from '../../core/quoted.ts'
import { caution, fault } from './check.ts'
import type { Check, Subject } from './check.ts'
import { given } from '../../core/given.ts'

/** Whether there is a place in the network of the cloud for all instances. */
export const subnetCheck: Check = {
  about: 'The subnet',
  field: 'subnet',
  async find(subject) {
    const subnets = await subject.cloud.subnets()
    return !given(subject.spec.subnet) ? defaultPlace(subject, subnets) : chosenPlace(subject, subnets)
  }
}

async function defaultPlace({ spec, cloud }: Subject, subnets: readonly SubnetRecord[]): Promise<Finding[]> {
  const vpc = await cloud.defaultVpc()
  if (vpc === null) {
    return [fault('VPC_MISSING', 'subnet', `${cloud.region} has no default VPC for the network to stand in.`,
      'Choose a subnet, create a default VPC with `aws ec2 create-default-vpc`, or choose another region.')]
  }
  const choices = subnets.filter(one =>
    one.vpcId === vpc && one.defaultForZone && (spec.zone === null || one.zone === spec.zone))
  if (choices.length === 0) {
    const where = spec.zone === null ? cloud.region : spec.zone
    return [fault('SUBNET_UNKNOWN', 'subnet', `The default VPC has no default subnet in ${where}.`,
      'Choose another zone, or a subnet of your own.')]
  }
  // All nodes of one call stand in one subnet; EC2 chooses among them where no zone was said.
  const roomiest = choices.reduce((best, one) => one.freeAddresses > best.freeAddresses ? one : best)
  return [...addresses(spec, roomiest), ...await groupElsewhere(spec, vpc, cloud)]
}

async function chosenPlace({ spec, cloud }: Subject, subnets: readonly SubnetRecord[]): Promise<Finding[]> {
  const subnet = subnets.find(one => one.id === spec.subnet)
  if (!subnet) {
    return [fault('SUBNET_UNKNOWN', 'subnet', `${cloud.region} has no such subnet: ${quoted(spec.subnet ?? '')}`,
      'Choose one from the list of subnets, or leave it out.')]
  }
  const found = addresses(spec, subnet)
  if (spec.zone !== null && subnet.zone !== spec.zone) {
    found.push(fault('SUBNET_UNFIT', 'subnet', `The subnet ${subnet.id} lies in ${subnet.zone}, not in ${spec.zone}.`,
      `Leave the zone out, or choose a subnet of ${spec.zone}.`))
  }
  if (!subnet.givesPublicAddresses) {
    found.push(caution('SUBNET_PRIVATE', 'subnet',
      `Instances in ${subnet.id} get no public address, so they are reached only from inside its VPC.`,
      'Choose a subnet that gives public addresses, unless a VPN connects this computer to the VPC.'))
  }
  return [...found, ...await groupElsewhere(spec, subnet.vpcId, cloud)]
}

function addresses(spec: ResolvedSpec, subnet: SubnetRecord): Finding[] {
  if (subnet.freeAddresses >= spec.instances) return []
  return [fault('SUBNET_FULL', 'subnet',
    `The subnet ${subnet.id} has ${subnet.freeAddresses} free addresses, and ${spec.instances} instances need one ` +
    'each.',
    'Ask for fewer instances, or choose another zone or subnet.')]
}

async function groupElsewhere(spec: ResolvedSpec, vpcId: string, cloud: Subject['cloud']): Promise<Finding[]> {
  if (!given(spec.securityGroup)) return []
  const group = await cloud.securityGroup(spec.securityGroup)
  // One that is not there has its own finding.
  if (group === null || group.vpcId === vpcId) return []
  return [fault('SUBNET_UNFIT', 'securityGroup',
    `The security group ${group.id} belongs to ${group.vpcId}, and the instances would stand in ${vpcId}.`,
    'Choose a group and a subnet of the same VPC.')]
}
