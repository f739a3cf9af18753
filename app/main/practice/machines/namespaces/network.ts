import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { machinesFolder, writeJson } from '../machine-folder.ts'

const execute = promisify(execFile)

/** The private network of one practice cloud: a bridge on this computer, that holds the first address of a /24. */
const NetworkRecord = z.object({
  bridge: z.string(),
  /** First three numbers of the addresses, `172.31.7`. */
  prefix: z.string(),
  /** Last number given away; addresses move on, so that a start after a stop never gets the same one. */
  last: z.int()
})
type NetworkRecord = z.infer<typeof NetworkRecord>

/** What marks a device of this computer as a practice cloud's own: its alias, which names the state directory. */
export const deviceAlias = (stateDirectory: string): string => {
  const alias = `rmada practice ${stateDirectory}`
  return alias.length < 250 ? alias : `rmada practice ${createHash('sha256').update(stateDirectory).digest('hex')}`
}

/** Name of the cable's end on this computer, at most 15 characters. */
const cableName = (stateDirectory: string, instanceId: string): string =>
  `rmv${createHash('sha256').update(`${stateDirectory} ${instanceId}`).digest('hex').slice(0, 11)}`

/**
 * The hardware address that belongs to an IP address. Fixed, because neighbours remember it for half a minute, and a
 * rebooted machine must be reachable at once.
 */
const hardwareAddress = (address: string): string =>
  ['0a', '00', ...address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':')

async function ip(...lines: string[]): Promise<void> {
  const child = execute('ip', ['-batch', '-'])
  child.child.stdin?.end(`${lines.join('\n')}\n`)
  await child
}

/** The alias of a device, null when there is no such device. */
async function aliasOf(device: string): Promise<string | null> {
  const text = await readFile(`/sys/class/net/${device}/ifalias`, 'utf8').catch(() => null)
  return text === null ? null : text.trimEnd()
}

/**
 * 172.31.x first, the default VPC's own range, so that host names look as on EC2; then what is rarely used elsewhere.
 */
function candidates(): string[] {
  const list: string[] = []
  const seed = Math.floor(Math.random() * 256)
  for (const block of ['172.31', '10.213', '192.168']) {
    for (let index = 0; index < 256; index += 1) list.push(`${block}.${(seed + index) % 256}`)
  }
  return list
}

/** Whether an address or a route of this computer already leads into this /24. */
async function taken(): Promise<(prefix: string) => boolean> {
  const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const { stdout } = await execute('ip', ['-4', 'route', 'show', 'table', 'all'])
  const ranges = stdout.split('\n').flatMap((line) => {
    const match = /(?:^|\s)(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?\s/.exec(line)
    if (!match?.[1] || line.startsWith('default')) return []
    const size = 2 ** (32 - Number(match[2] ?? 32))
    return [{ first: number(match[1]), size }]
  })
  for (const addresses of Object.values(networkInterfaces())) {
    for (const address of addresses ?? []) {
      if (address.family === 'IPv4') ranges.push({ first: number(address.address), size: 1 })
    }
  }
  return (prefix) => {
    const first = number(`${prefix}.0`)
    return ranges.some((range) => range.first < first + 256 && first < range.first + range.size)
  }
}

/**
 * Bridge, cables and addresses of one practice cloud. Nothing is kept in memory: the files and the devices are the
 * truth.
 */
export function createNetwork(stateDirectory: string) {
  const file = join(machinesFolder(stateDirectory), 'network.json')
  const alias = deviceAlias(stateDirectory)

  const read = async (): Promise<NetworkRecord | null> => {
    const text = await readFile(file, 'utf8').catch(() => null)
    return text === null ? null : NetworkRecord.parse(JSON.parse(text))
  }
  /** False when another practice cloud holds this range: the kernel makes a device of one name only once. */
  const makeBridge = async (network: NetworkRecord): Promise<boolean> => {
    try {
      await ip(`link add ${network.bridge} address ${hardwareAddress(`${network.prefix}.1`)} type bridge`)
    } catch {
      return false
    }
    await execute('ip', ['link', 'set', 'dev', network.bridge, 'alias', alias])
    await ip(`addr add ${network.prefix}.1/24 dev ${network.bridge}`, `link set ${network.bridge} up`)
    return true
  }

  /** The network with its bridge up; made, or made again after a restart of this computer, when it is not there. */
  async function ensure(): Promise<NetworkRecord> {
    const known = await read()
    if (known) {
      const owner = await aliasOf(known.bridge)
      if (owner === alias) return known
      if (owner === null && await makeBridge(known)) return known
    }
    const isTaken = await taken()
    for (const prefix of candidates()) {
      if (isTaken(prefix)) continue
      const hex = prefix.split('.').map((part) => Number(part).toString(16).padStart(2, '0')).join('')
      const network = { bridge: `rmada${hex}`, prefix, last: 9 }
      if (!await makeBridge(network)) continue
      await mkdir(machinesFolder(stateDirectory), { recursive: true, mode: 0o700 })
      await writeJson(file, network)
      return network
    }
    throw new Error('No free private address range is left on this computer for the practice cloud.')
  }

  return {
    ensure,
    /** The next address that none of these has. */
    async nextAddress(used: readonly string[]): Promise<string> {
      const network = await ensure()
      for (let step = 1; step <= 245; step += 1) {
        const last = (network.last - 10 + step) % 245 + 10
        const address = `${network.prefix}.${last}`
        if (used.includes(address)) continue
        await writeJson(file, { ...network, last })
        return address
      }
      throw new Error('The practice cloud is full: it has addresses for 245 machines.')
    },
    /** Plugs a cable between the bridge and `eth0` of the process's network namespace. */
    async plug(instanceId: string, address: string, pid: number): Promise<void> {
      const { bridge } = await ensure()
      const cable = cableName(stateDirectory, instanceId)
      await ip(
        `link add ${cable} type veth peer name eth0 address ${hardwareAddress(address)} netns ${pid}`,
        `link set ${cable} master ${bridge} up`
      )
    },
    /** Removes the machine's cable at once; the kernel alone would do it some time after the namespace. */
    async unplug(instanceId: string): Promise<void> {
      const cable = cableName(stateDirectory, instanceId)
      if (await aliasOf(cable) !== null) await execute('ip', ['link', 'del', cable]).catch(() => undefined)
    },
    /** Removes the bridge, if it is ours; the range stays ours on disk for the machines that are stopped. */
    async removeBridge(): Promise<void> {
      const network = await read()
      if (network && await aliasOf(network.bridge) === alias) await execute('ip', ['link', 'del', network.bridge])
    }
  }
}
