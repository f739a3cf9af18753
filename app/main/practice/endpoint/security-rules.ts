import { isIPv4, isIPv6 } from 'node:net'
import { Ec2Error, missingParameter, notFound } from './protocol/error.ts'
import { checkIdForm } from './protocol/ids.ts'
import type { Parameters } from './protocol/parameters.ts'
import type { SecurityGroupRule, State } from './state.ts'

/** A rule as a request names it: everything but its own id. */
export type WantedRule = Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort' | 'peer' | 'description'>

const protocolNames: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp', 1: 'icmp', 58: 'icmpv6', '-1': '-1' }

const invalid = (message: string) => new Ec2Error('InvalidParameterValue', message)

/** The rules of a request, in its long form (IpPermissions) or its short one (CidrIp and the like). */
export function readRules(parameters: Parameters, state: State): WantedRule[] {
  const long = parameters.structures('IpPermissions')
  if (long.length > 0) return checkTwice(long.flatMap((permission) => readPermission(permission, state)))
  const source = parameters.text('SourceSecurityGroupName')
  if (source !== undefined) {
    const group = groupByName(state, source)
    return [
      { protocol: '-1', fromPort: null, toPort: null, peer: { kind: 'group', value: group.id }, description: null }
    ]
  }
  if (!parameters.has('IpProtocol') && !parameters.has('CidrIp')) throw missingParameter('ipPermissions')
  const peer = { kind: 'ipv4' as const, value: canonicalIpv4(parameters.required('CidrIp')) }
  return [{ ...readPorts(parameters), peer, description: null }]
}

function readPermission(permission: Parameters, state: State): WantedRule[] {
  const ports = readPorts(permission)
  const rule = (kind: SecurityGroupRule['peer']['kind'], value: string, source: Parameters): WantedRule => ({
    ...ports,
    peer: { kind, value },
    description: readDescription(source)
  })
  if (permission.has('PrefixListIds'))
    throw new Ec2Error('UnsupportedOperation', 'The practice cloud has no prefix lists.')
  const rules = [
    ...permission.structures('IpRanges').map((range) => rule('ipv4', canonicalIpv4(range.required('CidrIp')), range)),
    ...permission.structures('Ipv6Ranges').map((range) => rule('ipv6', checkedIpv6(range.required('CidrIpv6')), range)),
    ...permission.structures('Groups').map((group) => rule('group', readPeerGroup(group, state), group))
  ]
  if (rules.length === 0) throw new Ec2Error('MissingParameter', 'Source group ID missing.')
  return rules
}

function readPorts(parameters: Parameters): Pick<WantedRule, 'protocol' | 'fromPort' | 'toPort'> {
  const given = parameters.required('IpProtocol').toLowerCase()
  const protocol = protocolNames[given] ?? given
  if (protocol === '-1') return { protocol, fromPort: null, toPort: null }
  const fromPort = parameters.integer('FromPort', -1, 65535) ?? null
  const toPort = parameters.integer('ToPort', -1, 65535) ?? null
  if (protocol === 'tcp' || protocol === 'udp') {
    if (fromPort === null || toPort === null) {
      throw invalid("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
    }
    if (fromPort < 0 || toPort < fromPort) throw invalid(`Invalid TCP/UDP port range (${fromPort}:${toPort})`)
    return { protocol, fromPort, toPort }
  }
  if (protocol === 'icmp' || protocol === 'icmpv6') return { protocol, fromPort: fromPort ?? -1, toPort: toPort ?? -1 }
  if (!/^\d{1,3}$/.test(protocol) || Number(protocol) > 255)
    throw invalid(`Invalid value '${given}' for IP protocol. Unknown protocol.`)
  return { protocol, fromPort: null, toPort: null }
}

function readDescription(source: Parameters): string | null {
  const text = source.text('Description') ?? null
  if (text !== null && !/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(text)) {
    throw invalid(
      'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  ' +
        'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*'
    )
  }
  return text
}

function readPeerGroup(group: Parameters, state: State): string {
  const id = group.text('GroupId')
  if (id === undefined) return groupByName(state, group.required('GroupName')).id
  return groupById(state, id).id
}

export function groupById(state: State, id: string) {
  checkIdForm([id], 'sg', 'InvalidGroupId.Malformed')
  const found = state.securityGroups.find((group) => group.id === id)
  if (!found) throw notFound('InvalidGroup.NotFound', 'security group', [id])
  return found
}

export function groupByName(state: State, name: string) {
  const found = state.securityGroups.find((group) => group.name === name)
  if (!found)
    throw new Ec2Error(
      'InvalidGroup.NotFound',
      `The security group '${name}' does not exist in default VPC '${state.vpc.id}'`
    )
  return found
}

/** EC2 keeps networks, not hosts: 100.68.0.18/18 becomes 100.68.0.0/18. */
function canonicalIpv4(cidr: string): string {
  const [address = '', bits = ''] = cidr.split('/')
  if (cidr.split('/').length !== 2 || !isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) {
    throw invalid(`CIDR block ${cidr} is malformed`)
  }
  const size = Number(bits)
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const network = number - (number % 2 ** (32 - size))
  return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')}/${size}`
}

function checkedIpv6(cidr: string): string {
  const [address = '', bits = ''] = cidr.split('/')
  if (cidr.split('/').length !== 2 || !isIPv6(address) || !/^\d{1,3}$/.test(bits) || Number(bits) > 128) {
    throw invalid(`CIDR block ${cidr} is malformed`)
  }
  return cidr.toLowerCase()
}

function checkTwice(rules: WantedRule[]): WantedRule[] {
  rules.forEach((rule, index) => {
    if (rules.findIndex((other) => sameRule(other, rule)) !== index) {
      throw invalid('The same permission must not appear multiple times')
    }
  })
  return rules
}

/** Whether two rules let the same traffic pass; their descriptions may differ. */
export const sameRule = (a: WantedRule, b: WantedRule): boolean =>
  a.protocol === b.protocol &&
  a.fromPort === b.fromPort &&
  a.toPort === b.toPort &&
  a.peer.kind === b.peer.kind &&
  a.peer.value === b.peer.value

/** A rule in the words of InvalidPermission.Duplicate. */
export const ruleInWords = (rule: WantedRule): string => {
  const ports = rule.fromPort === null ? '' : `from port: ${rule.fromPort}, to port: ${rule.toPort}, `
  return `peer: ${rule.peer.value}, ${rule.protocol === '-1' ? 'ALL' : rule.protocol.toUpperCase()}, ${ports}ALLOW`
}
