import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { fastClock } from '../../bench/shared/fast-clock.ts'
import { openCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import { makeKeyPair } from '../../app/main/adapters/ssh2/key-pair.ts'
import { networkIdTag, networkTag } from '../../app/main/core/resource-names.ts'
import { servePractice } from '../../app/main/practice/endpoint/serve.ts'
import type { PracticeEndpoint } from '../../app/main/practice/endpoint/serve.ts'
import { context, startManager } from '../../app/main/services/testing/drive.ts'
import { fakePorts } from '../../app/main/services/testing/fake-ports.ts'

/** The manager's time runs this much faster: its idle look every 10 s is then one in half a second. */
const speed = 20

interface Saved {
  readonly instances: readonly { readonly id: string }[]
  readonly tags: Readonly<Record<string, unknown>>
}

const serve = (stateDirectory: string): Promise<PracticeEndpoint> => servePractice({
  stateDirectory, backend: 'none', port: 0, log: () => {}, timings: { pendingMs: 5 }
})
const cloudOf = ({ endpoint, region, accessKeyId, secretAccessKey }: PracticeEndpoint) =>
  openCloud({ region, endpoint, profile: null, credentials: { accessKeyId, secretAccessKey } })

/** Rents one node over the wire; the account's limits allow no thousand. */
async function rentOne(directory: string): Promise<void> {
  const practice = await serve(directory)
  const cloud = cloudOf(practice)
  const tags = { [networkIdTag]: 'n-1', [networkTag]: 'many' }
  const [images, vpcId] = await Promise.all([cloud.images(), cloud.defaultVpc()])
  const group = await cloud.createSecurityGroup({ name: 'many', description: 'many', vpcId: vpcId ?? '', tags })
  const pair = await cloud.importKeyPair({ name: 'many', tags, publicKey: makeKeyPair('many').publicKey })
  await cloud.runInstances({
    clientToken: 'many', count: 1, type: 'c5.large', keyName: pair.name, zone: null, securityGroupIds: [group],
    image: images.find(one => one.architecture === 'x86_64')?.id ?? '', placementGroup: null, threadsPerCore: null,
    rootVolumeGib: null, rootDevice: null, userData: null, tags
  })
  while ((await cloud.instances(tags))[0]?.state !== 'running') await sleep(20)
  await practice.close({ powerOff: true })
}

/** Writes the one node many times into the account, with ids of their own. */
async function multiply(directory: string, nodes: number): Promise<void> {
  const file = join(directory, 'none', 'state.json')
  const saved = JSON.parse(await readFile(file, 'utf8')) as Saved
  const [first] = saved.instances
  if (!first) throw new Error('One node was rented')
  const ids = Array.from({ length: nodes }, (_, n) => `i-${String(n).padStart(17, '0')}`)
  const copies = ids.map(id => JSON.parse(JSON.stringify(first).replaceAll(first.id, id)) as { id: string })
  const tags = Object.fromEntries(ids.map(id => [id, saved.tags[first.id]]))
  await writeFile(file, JSON.stringify({ ...saved, instances: copies, tags: { ...saved.tags, ...tags } }))
}

/** Calls that a manager at rest makes over the wire in so much of real time, with a network of so many nodes in sight. */
async function callsAtRest(nodes: number, milliseconds: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'rmada-calls-'))
  await rentOne(directory)
  await multiply(directory, nodes)
  const practice = await serve(directory)
  const { endpoint, region, accessKeyId, secretAccessKey } = practice
  const manager = await startManager(fakePorts({
    openCloud, clock: fastClock(speed),
    practice: {
      backend: 'none', available: true, explanation: '', stop: async () => {},
      start: async () => ({ endpoint, region, accessKeyId, secretAccessKey })
    }
  }))
  let calls = 0
  const count = (): void => { calls += 1 }
  try {
    await manager.handlers['networks.plan']({ region }, context)
    expect((await manager.handlers['networks.get']({ name: 'many' }, context)).instances).toHaveLength(nodes)
    subscribe('http.client.request.start', count)
    await sleep(milliseconds)
    return calls
  } finally {
    unsubscribe('http.client.request.start', count)
    await manager.stop()
    await practice.close({ powerOff: true })
    await rm(directory, { recursive: true, force: true })
  }
}

it('looks at 1000 nodes with no more calls a minute than at 4', async () => {
  const few = await callsAtRest(4, 4000)
  const many = await callsAtRest(1000, 4000)
  expect(few).toBeGreaterThan(3)
  expect(many).toBeGreaterThan(0)
  // One more for a look that falls on the edge.
  expect(many).toBeLessThanOrEqual(few + 1)
}, 120_000)
