import { covers } from '../../core/address-range.ts'
import type { IngressRule } from '../../core/ports/index.ts'
import { quoted } from '../../core/quoted.ts'
import { caution, fault } from './check.ts'
import type { Check } from './check.ts'
import { given } from '../../core/given.ts'

/** Whether a group that the user had before lets in what Rmada needs; it is never changed. */
export const securityGroupCheck: Check = {
  about: 'The security group',
  field: 'securityGroup',
  async find({ spec, cloud, ownAddress }) {
    if (!given(spec.securityGroup)) return []
    const group = await cloud.securityGroup(spec.securityGroup)
    if (group === null) {
      return [fault('SECURITY_GROUP_UNKNOWN', 'securityGroup',
        `${cloud.region} has no such security group: ${quoted(spec.securityGroup)}`,
        'Give its id, which begins with sg-, or leave it out to get one made for this network.')]
    }
    const own = await ownAddress()
    const found = []
    if (!group.rules.some(rule => letsSshIn(rule, own))) {
      found.push(fault('SECURITY_GROUP_UNFIT', 'securityGroup',
        `The security group ${group.id} does not let ssh (tcp 22) in from your own address ${own}.`,
        'Add that rule to the group, or leave the group out: Rmada never changes one that you had before.'))
    }
    if (spec.instances > 1 && !group.rules.some(isEverythingInside)) {
      found.push(fault('SECURITY_GROUP_UNFIT', 'securityGroup',
        `The security group ${group.id} does not let its members reach each other on all ports, as MPI needs it.`,
        'Add a rule that lets all traffic in from the group itself, or leave the group out.'))
    }
    if (group.rules.some(rule => letsSshIn(rule, '192.0.2.1/32') && !letsOnly(rule, own))) {
      found.push(caution('SECURITY_GROUP_WIDE', 'securityGroup',
        `The security group ${group.id} lets ssh in from far more than your own address.`,
        'Narrow its rule for port 22 to your own address.'))
    }
    return found
  }
}

const letsSshIn = (rule: IngressRule, address: string): boolean =>
  rule.from !== 'self' && covers(rule.from.cidr, address) &&
  (rule.protocol === 'all' || rule.protocol === 'tcp' && (rule.port === 22 || rule.port === null))

const letsOnly = (rule: IngressRule, address: string): boolean => rule.from !== 'self' && rule.from.cidr === address

const isEverythingInside = (rule: IngressRule): boolean =>
  rule.protocol === 'all' && (rule.from === 'self' || rule.from.cidr === '0.0.0.0/0')
