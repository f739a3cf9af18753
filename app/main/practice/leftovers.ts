import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { findByEnvironment, machineMarker } from './machines/host-processes.ts'
import { imagesFolder } from './machines/image-folder.ts'
import { machinesFolder } from './machines/machine-folder.ts'
import { mountsBelow } from './machines/namespaces/disk.ts'
import { deviceAlias } from './machines/namespaces/network.ts'
import { loopDevices } from './machines/namespaces/volumes.ts'

const kinds = ['net', 'mnt', 'pid', 'uts'] as const

const link = (path: string): string | null => {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Inodes of the sockets that a process holds open. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .flatMap((fd) => /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`) ?? '')?.[1] ?? [])
  } catch {
    return []
  }
}

/** TCP ports on which these processes listen, whatever their network namespace. */
function listeningPorts(pid: number): number[] {
  const inodes = new Set(socketsOf(pid))
  if (inodes.size === 0) return []
  return ['tcp', 'tcp6'].flatMap((table) => textOf(`/proc/${pid}/net/${table}`).split('\n').slice(1).flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const port = parseInt(fields[1]?.split(':').at(-1) ?? '', 16)
    return fields[3] === '0A' && inodes.has(fields[9] ?? '') ? [port] : []
  }))
}

/** Bridges with this alias, and the cables that are plugged into them. */
function devicesOf(stateDirectory: string): string[] {
  const root = '/sys/class/net'
  try {
    const names = readdirSync(root)
    const bridges = names.filter((name) =>
      textOf(join(root, name, 'ifalias')).trimEnd() === deviceAlias(stateDirectory))
    const cables = names.filter((name) =>
      bridges.some((bridge) => link(join(root, name, 'master'))?.endsWith(`/${bridge}`)))
    return [...bridges, ...cables]
  } catch {
    return []
  }
}

/**
 * What a practice cloud with this state directory has left on this computer, one plain phrase each; empty when its
 * machines are gone without a trace. Meant for after the last terminate, so every machine counts as left behind.
 * Processes, namespaces, mounts and devices are looked for on Linux, processes on macOS, files everywhere.
 */
export async function findLeftovers(stateDirectory: string): Promise<string[]> {
  const state = resolve(stateDirectory)
  const machines = machinesFolder(state)
  const found: string[] = []
  for (const pid of findByEnvironment(machineMarker, machines, true)) {
    const command = textOf(`/proc/${pid}/cmdline`).replaceAll(/[\0\s]+/g, ' ').trim().slice(0, 80)
    found.push(`process ${pid} (${command})`)
    found.push(...listeningPorts(pid).map((port) => `socket: process ${pid} listens on tcp port ${port}`))
    for (const kind of kinds) {
      const namespace = link(`/proc/${pid}/ns/${kind}`)
      const foreign = namespace !== null && namespace !== link(`/proc/self/ns/${kind}`)
      if (foreign) found.push(`namespace ${namespace} of process ${pid}`)
    }
  }
  if (process.platform === 'linux') {
    found.push(...mountsBelow(machines).map((point) => `mount ${point}`))
    found.push(...devicesOf(state).map((name) => `network device ${name}`))
    for (const [device, file] of loopDevices()) if (file.startsWith(`${state}/`)) found.push(`loop device ${device} of ${file}`)
    for (const line of textOf('/proc/net/unix').split('\n')) {
      const path = line.trim().split(/\s+/)[7]
      if (path?.startsWith(`${machines}/`)) found.push(`socket ${path}`)
    }
  }
  const files = await readdir(machines).catch(() => null)
  if (files) found.push(...(files.length === 0 ? [machines] : files.map((name) => join(machines, name)))
    .map((path) => `file ${path}`))
  const images = await readdir(imagesFolder(state)).catch(() => [])
  found.push(...images.map((name) => `image ${join(imagesFolder(state), name)}`))
  return [...new Set(found)]
}
