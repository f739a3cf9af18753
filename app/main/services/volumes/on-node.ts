import { z } from 'zod'
import { RmadaError } from '../../core/error.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import { lastLine, scriptWith } from '../../core/shell-text.ts'
import { nodeName } from '../launch/work.ts'
import type { Workshop } from '../launch/work.ts'
import { limits } from '../limits.ts'
import type { KnownNetwork } from '../networks/registry.ts'
import { inParallel } from '../parallel.ts'
import { aliveInstances, masterOf, recordOf } from '../reach/connections.ts'

type Shared = 'nfs' | 'sshfs' | 'folder'

const Mounted = z.object({ path: z.string(), formatted: z.boolean(), type: z.string(), source: z.string() })

/** What the script printed where it succeeded; a failure names the node and gives the script's own reason. */
async function run(
  workshop: Workshop, network: KnownNetwork, instance: InstanceRecord, variables: Readonly<Record<string, string>>,
  signal?: AbortSignal, timeoutMs: number = limits.configureMs
): Promise<string> {
  const script = await workshop.ports.readResource('resources/bootstrap/volume.sh')
  const stop = signal ? { signal } : {}
  const connection = await workshop.connections.to(network, instance, stop)
  const { stdout, stderr, exitCode } = await connection.exec('sh -s', {
    stdin: scriptWith(variables, script), timeoutMs, ...stop
  })
  if (exitCode === 0) return stdout.trim()
  const why = (lastLine(stderr) || `the script ended with code ${exitCode}`).replace(/^rmada: /, '')
  throw new RmadaError('MOUNT_FAILED', `On ${nodeName(instance)}: ${why.replace(/\.$/, '')}.`, {
    suggestion: 'What was on the volume is untouched; put right what the message names and try again.',
    details: { instance: instance.id }
  })
}

export interface Mount {
  readonly network: KnownNetwork
  readonly volumeId: string
  /** The node that it is attached to. */
  readonly instance: InstanceRecord
  readonly device: string
  readonly path: string
  readonly signal?: AbortSignal | undefined
  readonly say?: (message: string) => void
}

/**
 * Mounts an attached volume on its node and, when that is the master, shares it with all others: by NFS where the
 * kernels can, else by sshfs.
 */
export async function mountAndShare(
  workshop: Workshop, mount: Mount
): Promise<{ path: string; formatted: boolean; sharedBy: Shared | null }> {
  const { network, instance, path, signal } = mount
  const on = (node: InstanceRecord, variables: Readonly<Record<string, string>>) => run(workshop, network, node,
    { VOLUME_ID: mount.volumeId, DEVICE: mount.device, MOUNT_POINT: path, ...variables }, signal)
  const mounted = Mounted.parse(JSON.parse(lastOf(await on(instance, { MODE: 'mount' }))))
  const slaves = aliveInstances(network).filter(one => one.id !== instance.id)
  if (slaves.length === 0 || masterOf(network).id !== instance.id) {
    return { path: mounted.path, formatted: mounted.formatted, sharedBy: null }
  }
  const onSlaves = <T>(work: (node: InstanceRecord) => Promise<T>) => everyOne(slaves, work)
  const sharedBy = mounted.type === 'folder' ? 'folder' as const : await wayToShare(instance, slaves, on)
  mount.say?.(sharedBy === 'folder' ? 'All nodes share this computer, and so the folder.'
    : `Sharing it with ${slaves.length} other nodes by ${sharedBy === 'nfs' ? 'NFS' : 'sshfs'}.`)
  if (sharedBy !== 'folder') {
    const keys = sharedBy === 'sshfs' ? await onSlaves(node => on(node, { MODE: 'key' })) : []
    const clients = slaves.map(one => one.privateIp ?? '').join(' ')
    await on(instance, { MODE: 'export', SHARE: sharedBy, CLIENTS: clients, KEYS: keys.map(lastOf).join('\n') })
  }
  const source = sharedBy === 'folder' ? mounted.source : instance.privateIp ?? ''
  await onSlaves(node => on(node, { MODE: 'join', SHARE: sharedBy, SOURCE: source, LOGIN: recordOf(network).spec.user }))
  return { path: mounted.path, formatted: mounted.formatted, sharedBy }
}

async function wayToShare(
  master: InstanceRecord, slaves: readonly InstanceRecord[],
  on: (node: InstanceRecord, variables: Readonly<Record<string, string>>) => Promise<string>
): Promise<'nfs' | 'sshfs'> {
  const [server, clients] = await Promise.all([
    on(master, { MODE: 'able', ROLE: 'master' }),
    everyOne(slaves, async node => ({ node, can: lastOf(await on(node, { MODE: 'able', ROLE: 'slave' })) }))
  ])
  const unable = clients.find(one => one.can === 'none')
  if (unable) {
    throw new RmadaError('MOUNT_FAILED', `On ${nodeName(unable.node)}: neither NFS nor sshfs is there to share a folder with.`, {
      suggestion: 'Use an image that has one of them, or leave the volume out.', details: { instance: unable.node.id }
    })
  }
  return lastOf(server) === 'nfs' && clients.every(one => one.can === 'nfs') ? 'nfs' : 'sshfs'
}

/** Takes it off everywhere: the other nodes first, then where it is attached. */
export async function unmountEverywhere(workshop: Workshop, mount: Mount): Promise<void> {
  const { network, instance, path, signal } = mount
  const on = (node: InstanceRecord, MODE: string) => run(workshop, network, node,
    { MODE, VOLUME_ID: mount.volumeId, DEVICE: mount.device, MOUNT_POINT: path }, signal)
  if (masterOf(network).id === instance.id) {
    await everyOne(aliveInstances(network).filter(one => one.id !== instance.id), node => on(node, 'leave'))
  }
  await on(instance, 'unmount')
}

/** Where the node has the volume mounted; null when it is not. */
export async function mountPointOf(workshop: Workshop, mount: Omit<Mount, 'path'>): Promise<string | null> {
  const { network, instance, volumeId: VOLUME_ID, device: DEVICE } = mount
  return await run(workshop, network, instance, { MODE: 'where', VOLUME_ID, DEVICE, MOUNT_POINT: '/' }, mount.signal,
    limits.pingMs) || null
}

async function everyOne<T>(nodes: readonly InstanceRecord[], work: (node: InstanceRecord) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  await inParallel(nodes, limits.parallelConnections, async node => { results.push(await work(node)) })
  return results
}

const lastOf = (text: string): string => text.trim().split('\n').at(-1) ?? ''
