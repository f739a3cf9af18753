import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import type { Stage } from './stage.ts'

/** What the cloud still has once every network is terminated; asked while the endpoint still answers. */
export async function cloudLeftovers({ client, data }: Stage): Promise<string[]> {
  const region = (await client.call('regions.list', {})).find(({ kind }) => kind === 'practice')
  const { practice } = await client.call('manager.info', {})
  if (!region?.endpoint) throw new Error('The practice cloud does not say where it is, so nothing can be checked.')
  const file = join(data, 'practice', practice.backend, 'credentials.json')
  const credentials = JSON.parse(readFileSync(file, 'utf8')) as { accessKeyId: string; secretAccessKey: string }
  const cloud = openCloud({ region: region.id, endpoint: region.endpoint, profile: null, credentials })
  const tags = { 'rmada:network-id': '*' }
  const [instances, keyPairs, securityGroups, placementGroups] = await Promise.all([
    cloud.instances(tags), cloud.keyPairs(tags), cloud.securityGroups(tags), cloud.placementGroups(tags)
  ])
  return [
    ...instances.filter(({ state }) => state !== 'terminated').map(({ id, state }) => `instance ${id} (${state})`),
    ...keyPairs.map(({ name }) => `key pair ${name}`),
    ...securityGroups.map(({ name }) => `security group ${name}`),
    ...placementGroups.map(({ name }) => `placement group ${name}`)
  ]
}

function readQuietly(read: () => string): string {
  try {
    return read()
  } catch {
    // The process has ended meanwhile, or is another user's: either way it is not one of ours that stayed.
    return ''
  }
}

function processLeftovers(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.flatMap((pid) => {
    const command = readQuietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
    const rest = ['cwd', 'root'].map((link) => readQuietly(() => readlinkSync(`/proc/${pid}/${link}`)))
    const environment = readQuietly(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
    const isOurs = [command, environment, ...rest].some((text) => text.includes(folder))
    return isOurs ? [`process ${pid}: ${command.slice(0, 100)}`] : []
  })
}

function fileLeftovers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => lstatSync(join(folder, name)).isSocket())
    .map((name) => `socket ${name}`)
}

/**
 * What this computer still has once the manager has ended: processes that know the demo's folder, mounts below it (in
 * any namespace that this process sees), sockets in it, and private data of networks that are gone.
 */
export function localLeftovers({ folder, data }: Pick<Stage, 'folder' | 'data'>): string[] {
  const networks = readQuietly(() => readdirSync(join(data, 'networks')).join('\n')).split('\n').filter(Boolean)
  const found = [...fileLeftovers(folder), ...networks.map((name) => `file networks/${name}`)]
  if (process.platform !== 'linux') return found
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter((line) => line.includes(folder))
  return [...found, ...processLeftovers(folder), ...mounts.map((line) => `mount ${line.split(' ')[4] ?? line}`)]
}
