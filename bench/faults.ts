import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOpenCloud } from '../app/main/adapters/ec2/open-cloud.ts'
import { ordinaryPatience } from '../app/main/adapters/ec2/retry.ts'
import { makeKeyPair } from '../app/main/adapters/ssh2/key-pair.ts'
import { RmadaError, toErrorShape } from '../app/main/core/error.ts'
import type { Cloud } from '../app/main/core/ports/index.ts'
import { networkIdTag } from '../app/main/core/resource-names.ts'
import { OnFailure } from '../app/contract/index.ts'
import type { Choice, Input, Task } from '../app/contract/index.ts'
import { createFaults, type Faults } from '../app/main/practice/endpoint/faults/faults.ts'
import { FaultRules, NodeFault } from '../app/main/practice/endpoint/faults/rules.ts'
import { servePractice, type PracticeEndpoint } from '../app/main/practice/endpoint/serve.ts'
import { createNoneMachines } from '../app/main/practice/machines/none.ts'
import type { Manager } from '../app/main/services/manager.ts'
import { context, startManager } from '../app/main/services/testing/drive.ts'
import { fakeHostKey } from '../app/main/services/testing/fake-cloud.ts'
import { fakePorts } from '../app/main/services/testing/fake-ports.ts'
import { FakeSsh } from '../app/main/services/testing/fake-ssh.ts'
import { fastClock } from './shared/fast-clock.ts'

/** How much faster the manager's time goes, so that its minutes of patience pass in this bench's seconds. */
const speed = 400
const runs = 200

interface Outcome {
  readonly seed: number
  readonly state: Task['state']
  readonly code: string | null
  /** What is rented and was not told, or was told and is not rented. */
  readonly unaccounted: readonly string[]
  readonly leaked: readonly string[]
}

/** A number from 0 to 1 that follows from seed and name alone. */
const chance = (seed: number, name: string): number =>
  createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE() / 2 ** 32
const pick = <T>(seed: number, name: string, from: readonly T[]): T => {
  const found = from[Math.floor(chance(seed, name) * from.length)]
  if (found === undefined) throw new Error('Nothing to pick from')
  return found
}

/** The bad day of a seed: each trouble with a chance of its own, so that most days have two or three. */
function rulesOf(seed: number): FaultRules {
  const some = (name: string, often: number): boolean => chance(seed, name) < often
  return FaultRules.parse({
    seed,
    throttle: some('throttle?', 0.5) ? 0.3 * chance(seed, 'throttle') : 0,
    lostAnswers: some('lost?', 0.3) ? 0.15 * chance(seed, 'lost') : 0,
    lateMs: some('late?', 0.5) ? Math.round(250 * chance(seed, 'late')) : 0,
    groupInUseMs: some('group?', 0.3) ? Math.round(300 * chance(seed, 'group')) : 0,
    bootDelayMs: some('slow?', 0.3) ? Math.round(150 * chance(seed, 'slow')) : 0,
    capacity: some('capacity?', 0.35)
      ? [{ count: Math.floor(4 * chance(seed, 'room')), ...(some('zone?', 0.7) ? { zone: 'practice-1a' } : {}) }] : [],
    nodes: some('node?', 0.6)
      ? [{ fault: pick(seed, 'node', NodeFault.options), ...(some('one?', 0.7) ? { next: 1 } : { share: 0.3 }) }] : []
  })
}

/** Nodes that are silent where the practice cloud says so, and links that drop by the seed. */
function faultySsh(seed: number, faults: Faults): FakeSsh {
  const ssh = new FakeSsh()
  const drops = chance(seed, 'drop?') < 0.4 ? 0.08 * chance(seed, 'drops') : 0
  let commands = 0
  ssh.refuse = id => faults.nodeFault(id) === 'ssh-silent'
    ? new RmadaError('SSH_UNREACHABLE', 'It accepts connections and says nothing.', { suggestion: 'Wait.' }) : null
  ssh.before = () => {
    commands += 1
    if (chance(seed, `link ${commands}`) >= drops) return null
    for (const connection of ssh.open) void connection.close()
    throw new RmadaError('SSH_LOST', 'The connection broke.', { suggestion: 'Repair the network.' })
  }
  return ssh
}

/** Everything with a tag of Rmada that is there, as the endpoint says it when all goes well. */
async function truth(cloud: Cloud, tries = 3): Promise<string[]> {
  try {
    return await listAll(cloud)
  } catch (error) {
    // A connection that was kept open is closed by the endpoint at times, just as it is used again.
    if (tries === 1) throw error
    return truth(cloud, tries - 1)
  }
}

async function listAll(cloud: Cloud): Promise<string[]> {
  const any = { [networkIdTag]: '*' }
  const [instances, groups, placements, keys] = await Promise.all([
    cloud.instances(any), cloud.securityGroups(any), cloud.placementGroups(any), cloud.keyPairs(any)
  ])
  return [...instances.filter(one => one.state !== 'terminated' && one.state !== 'shutting-down'), ...groups, ...placements, ...keys]
    .map(one => one.id).toSorted()
}

/** Follows a task to its end and answers its questions by the seed. */
async function follow(manager: Manager, task: Task, seed: number): Promise<Task> {
  let asked = 0
  for await (const event of manager.handlers['tasks.watch']({}, context)) {
    const items = event.kind === 'all' ? event.items : event.kind === 'changed' ? [event.item] : []
    const found = items.find(item => item.id === task.id)
    if (!found) continue
    if (found.state !== 'running') return found
    if (!found.question) continue
    asked += 1
    const offered = found.question.choices.map(one => one.choice)
    const choice: Choice = asked > 5 ? 'stop' : pick(seed, `choice ${asked}`, offered)
    await manager.handlers['tasks.choose']({ id: task.id, choice, question: found.question.id }, context)
      .catch((error: unknown) => { if (!(error instanceof RmadaError)) throw error })
  }
  throw new Error('The stream of tasks ended')
}

const patience = { ...ordinaryPatience, throttledPause: 5, longestPause: 60, inUse: 2_000, notYetKnown: 2_000 }

async function oneRun(seed: number): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), 'rmada-bench-'))
  const faults = createFaults()
  const none = createNoneMachines()
  const practice = await servePractice({
    stateDirectory: directory, backend: 'none', port: 0, log: () => {}, faults,
    timings: { pendingMs: 20, stoppingMs: 10, shuttingDownMs: 10 },
    machines: {
      ...none,
      console: async id => '-----BEGIN SSH HOST KEY KEYS-----\n' +
        `${fakeHostKey(Number.parseInt(id.slice(-6), 16))}\n-----END SSH HOST KEY KEYS-----\n`
    }
  })
  try {
    return await launchAndTerminate(seed, practice, faults)
  } finally {
    await practice.close({ powerOff: true })
    await rm(directory, { recursive: true, force: true })
  }
}

async function launchAndTerminate(seed: number, practice: PracticeEndpoint, faults: Faults): Promise<Outcome> {
  const { endpoint, region, accessKeyId, secretAccessKey } = practice
  const openCloud = createOpenCloud(patience)
  const clear = openCloud({ region, endpoint, profile: null, credentials: { accessKeyId, secretAccessKey } })
  const manager = await startManager(fakePorts({
    openCloud, clock: fastClock(speed), makeKeyPair, fakeSsh: faultySsh(seed, faults),
    practice: {
      backend: 'none', available: true, explanation: '', stop: async () => {},
      start: async () => ({ endpoint, region, accessKeyId, secretAccessKey })
    }
  }))
  try {
    const types = await manager.handlers['catalogue.instanceTypes']({ region }, context)
    const type = types.find(one => one.name === (chance(seed, 'type') < 0.5 ? 'c7i.xlarge' : 't3.small'))
      ?? types.find(one => one.zones.includes('practice-1a'))
    faults.set(rulesOf(seed))
    const task = await launchOrRefuse(manager, seed, {
      region, name: `run-${seed}`, instances: 1 + Math.floor(4 * chance(seed, 'count')),
      onFailure: pick(seed, 'on failure', OnFailure.options),
      ...(type ? { instanceType: type.name } : {}), ...(chance(seed, 'zone') < 0.6 ? { zone: 'practice-1a' } : {})
    })
    faults.set({ ...rulesOf(seed), lateMs: 0, throttle: 0, lostAnswers: 0 })
    const rented = await truth(clear)
    const networks = await manager.handlers['networks.list']({}, context)
    const told = task.state === 'succeeded'
      // A running network is told by its own instances; what it was made with has no other account.
      ? [...rented.filter(id => !id.startsWith('i-')), ...networks.flatMap(one => one.instances.map(node => node.id))]
      : (task.error?.stillRented ?? []).map(one => one.id)
    const unaccounted = [...rented.filter(id => !told.includes(id)), ...told.filter(id => !rented.includes(id))]
    faults.set(rulesOf(seed))
    await terminateAll(manager, seed, faults)
    return { seed, state: task.state, code: task.error?.code ?? null, unaccounted, leaked: await truth(clear) }
  } finally {
    await manager.stop()
  }
}

/** A launch that is refused at once, because not even the catalogue could be had, has failed with that error. */
async function launchOrRefuse(
  manager: Manager, seed: number, spec: Input<'networks.launch'>
): Promise<Pick<Task, 'state' | 'error'>> {
  let task: Task
  try {
    task = await manager.handlers['networks.launch'](spec, context)
  } catch (error) {
    if (error instanceof RmadaError) return { state: 'failed', error: toErrorShape(error) }
    throw error
  }
  return follow(manager, task, seed)
}

/** On the same bad day once; what then is still listed, again on a good day. */
async function terminateAll(manager: Manager, seed: number, faults: Faults): Promise<void> {
  for (const day of ['bad', 'good']) {
    if (day === 'good') faults.set(FaultRules.parse({}))
    for (const { name } of await manager.handlers['networks.list']({}, context)) {
      await follow(manager, await manager.handlers['networks.terminate']({ name }, context), seed)
    }
  }
}

/**
 * Seeded bad days of the practice cloud, through the ec2 adapter that talks to AWS: each launch has to end in a running
 * network or in a named failure that tells exactly what is rented, and terminating has to leave nothing.
 */
export async function benchFaults(note: (line: string) => void, count = runs, first = 0): Promise<{
  report: object; good: boolean
}> {
  const began = performance.now()
  const outcomes: Outcome[] = []
  const seeds = Array.from({ length: count }, (_, index) => first + index).values()
  const lane = async (): Promise<void> => {
    for (const seed of seeds) {
      const outcome = await oneRun(seed)
      outcomes.push(outcome)
      const wrong = outcome.unaccounted.length + outcome.leaked.length > 0 || outcome.code === 'INTERNAL'
      if (wrong) note(`seed ${seed}: ${JSON.stringify(outcome)} ${JSON.stringify(rulesOf(seed))}`)
    }
  }
  await Promise.all([lane(), lane(), lane(), lane()])
  const codes: Record<string, number> = {}
  for (const { code } of outcomes) if (code !== null) codes[code] = (codes[code] ?? 0) + 1
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, one) => total + of(one), 0)
  const report = {
    runs: outcomes.length,
    running: outcomes.filter(one => one.state === 'succeeded').length,
    failed: outcomes.filter(one => one.state === 'failed').length,
    unaccounted: sum(one => one.unaccounted.length),
    leaked: sum(one => one.leaked.length),
    codes: Object.fromEntries(Object.entries(codes).toSorted(([a], [b]) => a.localeCompare(b))),
    seconds: Math.round((performance.now() - began) / 100) / 10
  }
  const good = report.unaccounted === 0 && report.leaked === 0 && report.running + report.failed === report.runs &&
    !('INTERNAL' in codes)
  return { report, good }
}
