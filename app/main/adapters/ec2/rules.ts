import { isIPv6 } from 'node:net'
import type { IpPermission } from '@aws-sdk/client-ec2'
import type { IngressRule } from '../../core/ports/index.ts'

function portsOf({ protocol, port }: IngressRule): Pick<IpPermission, 'FromPort' | 'ToPort'> {
  if (protocol === 'all') return {}
  if (protocol === 'icmp') return { FromPort: -1, ToPort: -1 }
  return { FromPort: port ?? 0, ToPort: port ?? 65535 }
}

/** A rule as EC2 takes it. */
export function toPermission(groupId: string, rule: IngressRule): IpPermission {
  const base: IpPermission = { IpProtocol: rule.protocol === 'all' ? '-1' : rule.protocol, ...portsOf(rule) }
  const { from, description: Description } = rule
  if (from === 'self') return { ...base, UserIdGroupPairs: [{ GroupId: groupId, Description }] }
  return isIPv6(from.cidr.split('/')[0] ?? '')
    ? { ...base, Ipv6Ranges: [{ CidrIpv6: from.cidr, Description }] }
    : { ...base, IpRanges: [{ CidrIp: from.cidr, Description }] }
}

const protocols: Readonly<Record<string, IngressRule['protocol']>> = {
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  '-1': 'all'
}

/** EC2's permission as rules, one for each source. Sources and protocols that Rmada never sets are left out. */
export function fromPermission(groupId: string, permission: IpPermission): IngressRule[] {
  const protocol = protocols[permission.IpProtocol ?? '']
  if (!protocol) return []
  const { FromPort, ToPort } = permission
  const port =
    (protocol === 'tcp' || protocol === 'udp') && FromPort !== undefined && FromPort === ToPort ? FromPort : null
  const rule = (from: IngressRule['from'], description = ''): IngressRule => ({ protocol, port, from, description })
  return [
    ...(permission.IpRanges ?? []).flatMap((range) =>
      range.CidrIp ? [rule({ cidr: range.CidrIp }, range.Description)] : []
    ),
    ...(permission.Ipv6Ranges ?? []).flatMap((range) =>
      range.CidrIpv6 ? [rule({ cidr: range.CidrIpv6 }, range.Description)] : []
    ),
    ...(permission.UserIdGroupPairs ?? []).flatMap((pair) =>
      pair.GroupId === groupId ? [rule('self', pair.Description)] : []
    )
  ]
}
