import { describe, expect, it } from 'vitest'
import { firstState } from './first-state.ts'
import { Parameters } from './protocol/parameters.ts'
import { readRules } from './security-rules.ts'

const state = firstState()
const read = (query: string) => readRules(Parameters.of(new URLSearchParams(query)), state)
const long = (query: string) =>
  read(
    query
      .split('&')
      .map((part) => `IpPermissions.1.${part}`)
      .join('&')
  )

describe('readRules', () => {
  it('cuts host bits off IPv4 ranges', () => {
    const cidrOf = (cidr: string) => read(`IpProtocol=tcp&FromPort=22&ToPort=22&CidrIp=${cidr}`)[0]?.peer.value
    expect(cidrOf('100.68.0.18/18')).toBe('100.68.0.0/18')
    expect(cidrOf('255.255.255.255/1')).toBe('128.0.0.0/1')
    expect(cidrOf('203.0.113.7/32')).toBe('203.0.113.7/32')
    expect(cidrOf('203.0.113.7/0')).toBe('0.0.0.0/0')
  })

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', '256.0.0.0/8', '::1/128', 'any', '10.0.0.0/'])(
    'refuses %s as a range',
    (cidr) => {
      expect(() => read(`IpProtocol=tcp&FromPort=22&ToPort=22&CidrIp=${cidr}`)).toThrow(
        `CIDR block ${cidr} is malformed`
      )
    }
  )

  it('reads protocols by name and by number, and gives all-protocol rules no ports', () => {
    expect(long('IpProtocol=6&FromPort=1&ToPort=2&IpRanges.1.CidrIp=0.0.0.0/0')[0]).toMatchObject({
      protocol: 'tcp',
      fromPort: 1,
      toPort: 2
    })
    expect(long('IpProtocol=-1&FromPort=1&ToPort=2&IpRanges.1.CidrIp=0.0.0.0/0')[0]).toMatchObject({
      protocol: '-1',
      fromPort: null
    })
    expect(long('IpProtocol=icmp&IpRanges.1.CidrIp=0.0.0.0/0')[0]).toMatchObject({
      protocol: 'icmp',
      fromPort: -1,
      toPort: -1
    })
    expect(() => long('IpProtocol=256&IpRanges.1.CidrIp=0.0.0.0/0')).toThrow('Unknown protocol')
  })

  it('makes one rule of every peer', () => {
    const query =
      'IpProtocol=udp&FromPort=5&ToPort=6&IpRanges.1.CidrIp=10.0.0.0/8&IpRanges.1.Description=home' +
      '&Ipv6Ranges.1.CidrIpv6=2001:DB8::/32' +
      `&Groups.1.GroupId=${state.defaultSecurityGroupId}`
    expect(long(query).map((rule) => [rule.peer, rule.description])).toEqual([
      [{ kind: 'ipv4', value: '10.0.0.0/8' }, 'home'],
      [{ kind: 'ipv6', value: '2001:db8::/32' }, null],
      [{ kind: 'group', value: state.defaultSecurityGroupId }, null]
    ])
  })

  it('refuses the same rule twice in one request, prefix lists and odd descriptions', () => {
    expect(() =>
      long('IpProtocol=tcp&FromPort=1&ToPort=1&IpRanges.1.CidrIp=10.0.0.1/8&IpRanges.2.CidrIp=10.0.0.2/8')
    ).toThrow('multiple times')
    expect(() => long('IpProtocol=-1&PrefixListIds.1.PrefixListId=pl-1')).toThrow('no prefix lists')
    expect(() => long('IpProtocol=-1&IpRanges.1.CidrIp=10.0.0.0/8&IpRanges.1.Description=%3Cb%3E')).toThrow(
      'Invalid rule description'
    )
  })
})
