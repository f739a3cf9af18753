import { describe, expect, it } from 'vitest'
import type { Node } from './host-names.ts'
import { distinctHosts, hostfile, hostNameOf, hostsLines, knownHosts } from './host-names.ts'

const node = (instanceId: string, role: Node['role'], privateIp: string): Node => ({
  instanceId, role, privateIp, hostName: hostNameOf(null, privateIp), hostKeys: [`ssh-ed25519 ${instanceId}`]
})
const three = [node('i-3', 'slave', '10.0.0.10'), node('i-1', 'slave', '10.0.0.9'), node('i-2', 'master', '10.0.0.200')]
const shared = [node('i-1', 'master', '127.0.0.1'), node('i-2', 'slave', '127.0.0.1')]

describe('files that name all nodes', () => {
  it('have the master first, then addresses in order', () => {
    expect(hostfile(three, 2)).toBe('10.0.0.200 slots=2\n10.0.0.9 slots=2\n10.0.0.10 slots=2\n')
    expect(hostsLines(three)).toBe('10.0.0.200 ip-10-0-0-200\n10.0.0.9 ip-10-0-0-9\n10.0.0.10 ip-10-0-0-10\n')
  })

  it('are the same bytes whatever order the cloud lists in', () => {
    const other = three.toReversed()
    expect([hostfile(other, 2), hostsLines(other), knownHosts(other)])
      .toEqual([hostfile(three, 2), hostsLines(three), knownHosts(three)])
  })

  it('know nodes that share one host as one, with all their slots', () => {
    expect(hostfile(shared, 3)).toBe('127.0.0.1 slots=6\n')
    expect(distinctHosts(shared)).toEqual([{ privateIp: '127.0.0.1', nodes: 2 }])
  })

  it('never name loopback', () => {
    expect(hostsLines(shared)).toBe('')
  })

  it('pin each host key under name and address', () => {
    expect(knownHosts([three[2] as Node])).toBe('ip-10-0-0-200,10.0.0.200 ssh-ed25519 i-2\n')
  })
})

describe('the name of a node', () => {
  it('is the label of its private DNS name, else made from the address', () => {
    expect(hostNameOf('ip-10-0-0-1.ec2.internal', '10.0.0.1')).toBe('ip-10-0-0-1')
    expect(hostNameOf(null, '10.0.0.1')).toBe('ip-10-0-0-1')
    expect(hostNameOf('', null)).toBe('')
  })
})
