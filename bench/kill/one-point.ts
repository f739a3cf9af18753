import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Cloud } from '../../app/main/core/ports/index.ts'
import { networkIdTag } from '../../app/main/core/resource-names.ts'
import { servePractice } from '../../app/main/practice/endpoint/serve.ts'
import { createNoneMachines } from '../../app/main/practice/machines/none.ts'
import { createManager } from '../../app/main/services/create-manager.ts'
import { context } from '../../app/main/services/testing/drive.ts'
import { fakeHostKey } from '../../app/main/services/testing/fake-cloud.ts'
import { accessOf, killablePorts, openCloud } from './composition.ts'
import type { Place } from './composition.ts'
import { ended, most } from './scenarios.ts'
import type { Scenario } from './scenarios.ts'

/** How one kill went. */
export interface Point {
  readonly scenario: Scenario
  /** Before which step it was; null when the scenario had ended before. */
  readonly step: string | null
  readonly leaked: readonly string[]
  /** How many instances there were beyond those that were asked for. */
  readonly doubled: number
  /** Why the next start could not end it all; null when it could. */
  readonly unrecovered: string | null
}

/** Kills a manager before one step, starts another on what it left, tells it to terminate, and looks at what is left. */
export async function killAt(scenario: Scenario, step: number): Promise<Point> {
  const directory = await mkdtemp(join(tmpdir(), 'rmada-kill-'))
  const none = createNoneMachines()
  const practice = await servePractice({
    stateDirectory: join(directory, 'practice'), backend: 'none', port: 0, log: () => {},
    timings: { pendingMs: 5, stoppingMs: 5, shuttingDownMs: 5 },
    machines: {
      ...none,
      console: async id => '-----BEGIN SSH HOST KEY KEYS-----\n' +
        `${fakeHostKey(Number.parseInt(id.slice(-6), 16))}\n-----END SSH HOST KEY KEYS-----\n`
    }
  })
  try {
    const { endpoint, region, accessKeyId, secretAccessKey } = practice
    const place: Place = { dataDirectory: join(directory, 'data'), endpoint, region, accessKeyId, secretAccessKey }
    const killedBefore = await runUntilKilled(scenario, step, place)
    const cloud = openCloud(accessOf(place))
    const rented = (await things(cloud)).filter(id => id.startsWith('i-')).length
    const unrecovered = await terminateAll(place)
    return {
      scenario, step: killedBefore, doubled: Math.max(0, rented - most[scenario]), unrecovered,
      leaked: [...await things(cloud), ...await localRests(place)]
    }
  } finally {
    await practice.close({ powerOff: true })
    await rm(directory, { recursive: true, force: true })
  }
}

async function runUntilKilled(scenario: Scenario, step: number, place: Place): Promise<string | null> {
  const program = fileURLToPath(new URL('manager.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, scenario, JSON.stringify(place)], {
    env: { ...process.env, RMADA_KILL_AT: String(step) }, stdio: ['ignore', 'pipe', 'pipe']
  })
  const [said, errors, [code, signal]] = await Promise.all([
    text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<[number | null, string | null]>
  ])
  if (signal === 'SIGKILL') return said.trim() || `step ${step}`
  if (code === 0) return null
  throw new Error(`The manager failed by itself in ${scenario}, step ${step}: ${errors.slice(-2000)}`)
}

/** The next start: whatever it shows is terminated, after the repair that it may have begun by itself. */
async function terminateAll(place: Place): Promise<string | null> {
  const manager = createManager(killablePorts(place, () => {}))
  try {
    await manager.start()
    for (const { name } of await manager.handlers['networks.list']({}, context)) {
      for (const task of await manager.handlers['tasks.list']({}, context)) await ended(manager, task.id)
      const { id } = await manager.handlers['networks.terminate']({ name }, context)
      const task = await ended(manager, id)
      if (task.state !== 'succeeded') return `${task.state}: ${task.error?.code} ${task.error?.message}`
    }
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await manager.stop()
  }
}

/** Everything with a tag of Rmada that is there. */
async function things(cloud: Cloud): Promise<string[]> {
  const any = { [networkIdTag]: '*' }
  const [instances, groups, placements, keys, volumes, spot] = await Promise.all([
    cloud.instances(any), cloud.securityGroups(any), cloud.placementGroups(any), cloud.keyPairs(any), cloud.volumes(any),
    cloud.spotRequests(any)
  ])
  return [
    ...instances.filter(one => one.state !== 'terminated'), ...groups, ...placements, ...keys,
    ...volumes.filter(one => one.state !== 'deleting' && one.state !== 'deleted'),
    ...spot.filter(one => one.state === 'open' || one.state === 'active')
  ].map(one => one.id).toSorted()
}

/** Keys and records of networks that are gone. */
async function localRests({ dataDirectory }: Place): Promise<string[]> {
  const folders = await readdir(join(dataDirectory, 'networks')).catch(() => [])
  return folders.map(folder => `local record ${folder}`)
}
