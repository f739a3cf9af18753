import { randomInt } from 'node:crypto'
import { practiceVpcCidr, practiceZones } from '../catalogue.ts'
import { freshId } from './protocol/ids.ts'
import { nextSequence, type SecurityGroupRule, type State } from './state.ts'

/** A new account as AWS gives it: a default VPC with a subnet in every zone and the group `default`. */
export function firstState(): State {
  const vpcId = freshId('vpc')
  const groupId = freshId('sg')
  const state: State = {
    version: 1,
    sequence: 0,
    accountId: String(randomInt(100_000_000_000, 1_000_000_000_000)),
    vpc: { id: vpcId, cidr: practiceVpcCidr, dhcpOptionsId: freshId('dopt') },
    subnets: practiceZones.map((zone) => ({ id: freshId('subnet'), zone: zone.name, cidr: zone.cidr })),
    keyPairs: [],
    securityGroups: [],
    defaultSecurityGroupId: groupId,
    securityGroupRules: [],
    placementGroups: [],
    reservations: [],
    instances: [],
    spotRequests: [],
    volumes: [],
    snapshots: [],
    images: [],
    tags: {}
  }
  state.securityGroups.push({
    id: groupId,
    sequence: nextSequence(state),
    name: 'default',
    description: 'default VPC security group'
  })
  state.securityGroupRules.push(
    {
      id: freshId('sgr'),
      sequence: nextSequence(state),
      groupId,
      egress: false,
      protocol: '-1',
      fromPort: null,
      toPort: null,
      peer: { kind: 'group', value: groupId },
      description: null
    },
    outwardRule(state, groupId)
  )
  return state
}

/** The rule that every new security group has: all traffic may leave. */
export function outwardRule(state: State, groupId: string): SecurityGroupRule {
  return {
    id: freshId('sgr'),
    sequence: nextSequence(state),
    groupId,
    egress: true,
    protocol: '-1',
    fromPort: null,
    toPort: null,
    peer: { kind: 'ipv4', value: '0.0.0.0/0' },
    description: null
  }
}
