/** A node as the files on all nodes name it. */
export interface Node {
  readonly instanceId: string
  readonly role: 'master' | 'slave'
  readonly privateIp: string
  /** As the node calls itself: `ip-10-0-0-12`. */
  readonly hostName: string
  /** The pinned host keys, as `type base64`. */
  readonly hostKeys: readonly string[]
}

/** The name a node calls itself: the first label of its private DNS name, else made from its address as EC2 does. */
export function hostNameOf(privateDns: string | null, privateIp: string | null): string {
  const label = privateDns?.split('.')[0]
  if (label) return label
  return privateIp === null ? '' : `ip-${privateIp.replaceAll(/[.:]/g, '-')}`
}

/** Nodes in the order of all files: the master first, then by address, so that a second run writes the same bytes. */
export function inOrder<T extends Node>(nodes: readonly T[]): readonly T[] {
  return nodes.toSorted((a, b) => {
    if (a.role !== b.role) return a.role === 'master' ? -1 : 1
    return addressKey(a.privateIp) < addressKey(b.privateIp) ? -1 : 1
  })
}

/** Hosts by distinct private address, in order. Nodes that share an address are processes on one computer. */
export function distinctHosts(
  nodes: readonly Node[]
): readonly { readonly privateIp: string; readonly nodes: number }[] {
  const counts = new Map<string, number>()
  for (const node of inOrder(nodes)) counts.set(node.privateIp, (counts.get(node.privateIp) ?? 0) + 1)
  return [...counts].map(([privateIp, count]) => ({ privateIp, nodes: count }))
}

/** Open MPI's hostfile: one line for each host, master first; slots of nodes that share a host add up. */
export function hostfile(nodes: readonly Node[], slotsPerHost: number): string {
  return distinctHosts(nodes).map(host => `${host.privateIp} slots=${host.nodes * slotsPerHost}\n`).join('')
}

/** Lines of known_hosts for all nodes, by name and address, from the pinned keys: nothing ever asks. */
export function knownHosts(nodes: readonly Node[]): string {
  const lines = inOrder(nodes).flatMap(node =>
    node.hostKeys.map(key => `${[node.hostName, node.privateIp].filter(Boolean).join(',')} ${key}\n`))
  return [...new Set(lines)].join('')
}

/** Lines of /etc/hosts for all nodes; loopback is left alone. */
export function hostsLines(nodes: readonly Node[]): string {
  const lines = inOrder(nodes)
    .filter(node => node.hostName !== '' && !node.privateIp.startsWith('127.'))
    .map(node => `${node.privateIp} ${node.hostName}\n`)
  return [...new Set(lines)].join('')
}

/** Sorts 10.0.0.9 before 10.0.0.10. */
const addressKey = (ip: string): string => ip.split('.').map(part => part.padStart(3, '0')).join('.')
