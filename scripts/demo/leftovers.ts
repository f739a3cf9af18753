import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import { findLeftovers } from '../../app/main/practice/leftovers.ts'
import type { Stage } from './stage.ts'

/** What the cloud still has once every network is terminated; asked while the endpoint still answers. */
export async function cloudLeftovers({ client, data }: Stage): Promise<string[]> {
  const region = (await client.call('regions.list', {})).find(({ kind }) => kind === 'practice')
  const { practice } = await client.call('manager.info', {})
  if (!region?.endpoint) {
    // It starts at the first launch; before that there is nothing to be left.
    if ((await client.call('tasks.list', {})).length === 0) return []
    throw new Error('The practice cloud does not say where it is, so nothing can be checked.')
  }
  const file = join(data, 'practice', practice.backend, 'credentials.json')
  const credentials = JSON.parse(readFileSync(file, 'utf8')) as { accessKeyId: string; secretAccessKey: string }
  const cloud = openCloud({ region: region.id, endpoint: region.endpoint, profile: null, credentials })
  const tags = { 'rmada:network-id': '*' }
  const [instances, keyPairs, securityGroups, placementGroups] = await Promise.all([
    cloud.instances(tags),
    cloud.keyPairs(tags),
    cloud.securityGroups(tags),
    cloud.placementGroups(tags)
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
    const command = readQuietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      .replaceAll('\0', ' ')
      .trim()
    const rest = ['cwd', 'root'].map((link) => readQuietly(() => readlinkSync(`/proc/${pid}/${link}`)))
    const environment = readQuietly(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
    const isOurs = [command, environment, ...rest].some((text) => text.includes(folder))
    return isOurs ? [`process ${pid}: ${command.slice(0, 100)}`] : []
  })
}

/**
 * What this computer still has once the manager has ended: what the practice cloud's machines left, processes that know
 * the demo's folder, sockets in it, and private data of networks that are gone.
 */
export async function localLeftovers(
  { folder, data }: Pick<Stage, 'folder' | 'data'>,
  backend: string
): Promise<string[]> {
  const networks = readQuietly(() => readdirSync(join(data, 'networks')).join('\n'))
    .split('\n')
    .filter(Boolean)
  const sockets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    lstatSync(join(folder, name)).isSocket()
  )
  return [
    ...(await findLeftovers(join(data, 'practice', backend, 'machines'))),
    ...(process.platform === 'linux' ? processLeftovers(folder) : []),
    ...sockets.map((name) => `socket ${name}`),
    ...networks.map((name) => `file networks/${name}`)
  ]
}
