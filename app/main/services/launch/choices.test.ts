import { describe, expect, it } from 'vitest'
import type { Choice, OnFailure, Question, Task } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import { instancesTag, networkIdTag, roleTag } from '../../core/resource-names.ts'
import type { Manager } from '../manager.ts'
import { context, ended, startManager } from '../testing/drive.ts'
import { fakePorts } from '../testing/fake-ports.ts'
import type { FakePorts } from '../testing/fake-ports.ts'

const cloudSays = (code: 'CLOUD_CAPACITY' | 'CLOUD_QUOTA' | 'ENDPOINT_UNREACHABLE') =>
  new RmadaError(code, `The cloud says ${code}.`, { suggestion: 'Try again.' })

/** Each trouble of a launch of three nodes, made once and gone afterwards. */
const troubles: Readonly<Record<string, (ports: FakePorts) => void>> = {
  'no capacity': ports => once(ports, () => { throw cloudSays('CLOUD_CAPACITY') }),
  'a quota': ports => once(ports, () => { throw cloudSays('CLOUD_QUOTA') }),
  'a node that never runs': ports => stick(ports, 'never-runs'),
  'a node that dies': ports => stick(ports, 'dies'),
  'a node that does not answer ssh': ports => {
    ports.fakeSsh.refuse = onlyOn(ports, () => new RmadaError('SSH_UNREACHABLE', 'It is silent.', { suggestion: '' }))
  },
  'a node without host keys': ports => {
    const console = ports.cloud.consoleOutput.bind(ports.cloud)
    let keyless: string | null = null
    ports.cloud.consoleOutput = async id => {
      keyless ??= id
      return id === keyless ? 'booting\n\u001b[32mkernel panic\u001b[0m\n' : console(id)
    }
  },
  'a node whose configuration fails': ports => {
    const fails = onlyOn(ports, () => ({ stdout: '', stderr: 'rmada: no space left', exitCode: 1 }))
    ports.fakeSsh.before = (id, command) => command.startsWith('sh ') && command === 'sh -s' ? fails(id) : null
  }
}

function once(ports: FakePorts, raise: () => void): void {
  let done = false
  ports.cloud.before = method => {
    if (method !== 'runInstances' || done) return
    done = true
    raise()
  }
}

/** Holds on to the first node that is asked for. */
function onlyOn<T>(_ports: FakePorts, result: () => T): (id: string) => T | null {
  let bad: string | null = null
  return id => {
    bad ??= id
    return id === bad ? result() : null
  }
}

function stick(ports: FakePorts, how: 'never-runs' | 'dies'): void {
  let bad: string | undefined
  const list = ports.cloud.instances.bind(ports.cloud)
  ports.cloud.instances = async tags => {
    await list(tags)
    bad ??= ports.cloud.alive()[0]?.id
    const machine = bad === undefined ? undefined : ports.cloud.machines.get(bad)
    if (bad && machine && machine.state !== 'terminated' && machine.state !== 'shutting-down') {
      if (how === 'never-runs') ports.cloud.setState(bad, 'pending')
      else ports.cloud.setState(bad, 'terminated', 'Server.InternalError: Internal error on launch')
    }
    return [...ports.cloud.machines.values()].filter(one => tags[networkIdTag] !== undefined && one.tags[networkIdTag])
  }
}

async function launchAsking(manager: Manager, onFailure: OnFailure = 'ask'): Promise<Task> {
  return manager.handlers['networks.launch'](
    { region: 'practice-1', name: 'demo', instances: 3, instanceType: 'c5.large', zone: 'r-a', onFailure }, context)
}

/** Follows the task until it asks or ends. */
async function untilAsked(manager: Manager, task: Task): Promise<Task> {
  for await (const event of manager.handlers['tasks.watch']({}, context)) {
    const items = event.kind === 'all' ? event.items : event.kind === 'changed' ? [event.item] : []
    const found = items.find(item => item.id === task.id)
    if (found && (found.question || found.state !== 'running')) return found
  }
  throw new Error('The stream of tasks ended')
}

async function asked(name: string): Promise<{
  ports: FakePorts; manager: Manager; task: Task; question: Question
}> {
  const ports = fakePorts()
  troubles[name]?.(ports)
  const manager = await startManager(ports)
  const task = await untilAsked(manager, await launchAsking(manager))
  if (!task.question) throw new Error(`Nothing was asked: ${task.state} ${task.error?.message ?? ''}`)
  return { ports, manager, task, question: task.question }
}

const offered: Readonly<Record<string, readonly Choice[]>> = {
  'no capacity': ['wait', 'other-zone', 'continue', 'roll-back', 'stop'],
  'a quota': ['wait', 'continue', 'roll-back', 'stop']
}
const aboutNodes: readonly Choice[] = ['wait', 'replace', 'other-zone', 'continue', 'roll-back', 'stop']
const choicesOf = (name: string): readonly Choice[] => offered[name] ?? aboutNodes

describe('a question', () => {
  it.each(Object.keys(troubles))('about %s: reason, node, console, what is rented, and the choices', async name => {
    const { ports, manager, task, question } = await asked(name)
    expect(task).toMatchObject({ state: 'running', cancellable: true, message: expect.stringContaining('Waiting') })
    expect(question.trouble.message).not.toBe('')
    expect(question.choices.map(one => one.choice)).toEqual(choicesOf(name))
    expect(question.choices.every(one => one.title !== '' && one.detail !== '')).toBe(true)
    expect(question.choices.find(one => one.choice === 'other-zone')?.zones ?? ['r-b']).toEqual(['r-b'])
    // An exact account: what the cloud has now, and no more.
    expect(question.rented.map(one => one.id).toSorted()).toEqual(ports.cloud.left().toSorted())
    expect(question.nodes).toHaveLength(offered[name] ? 0 : 1)
    expect(question.console.length > 0).toBe(!offered[name])
    await manager.handlers['tasks.cancel']({ id: task.id }, context)
    expect(await ended(manager, task)).toMatchObject({ state: 'cancelled' })
    expect(ports.cloud.left()).toEqual([])
    await manager.stop()
  })

  it('shows a console without control characters', async () => {
    const { manager, question } = await asked('a node without host keys')
    expect(question.console).toEqual(['booting', 'kernel panic'])
    await manager.stop()
  })

  it('refuses what it does not offer, another question\'s answer, and a second answer', async () => {
    const { manager, task, question } = await asked('a quota')
    const choose = (input: { choice: Choice; zone?: string; question?: string }) =>
      manager.handlers['tasks.choose']({ id: task.id, ...input }, context)
    await expect(choose({ choice: 'replace' })).rejects.toMatchObject({ code: 'TASK_NOT_ASKING' })
    await expect(choose({ choice: 'wait', question: 'q-old' })).rejects.toMatchObject({ code: 'TASK_NOT_ASKING' })
    await expect(choose({ choice: 'wait', zone: 'r-b' })).rejects.toMatchObject({ code: 'TASK_NOT_ASKING' })
    expect(await choose({ choice: 'wait', question: question.id })).toMatchObject({ question: null })
    await expect(choose({ choice: 'wait' })).rejects.toMatchObject({ code: 'TASK_NOT_ASKING' })
    expect(await ended(manager, task)).toMatchObject({ state: 'succeeded' })
    await manager.stop()
  })

  it('that nobody answered leaves a network that the next start shows, and that can be terminated', async () => {
    const { ports, manager } = await asked('a node that does not answer ssh')
    await manager.stop()
    const next = await startManager(fakePorts({ cloud: ports.cloud, disk: ports.disk }))
    expect(await next.handlers['networks.get']({ name: 'demo' }, context))
      .toMatchObject({ status: 'failed', message: expect.stringContaining('interrupted') })
    const task = await next.handlers['networks.terminate']({ name: 'demo' }, context)
    expect(await ended(next, task)).toMatchObject({ state: 'succeeded' })
    expect(ports.cloud.left()).toEqual([])
    await next.stop()
  })
})

describe('each trouble with each choice', () => {
  const cases = Object.keys(troubles).flatMap(name => choicesOf(name).map(choice => ({ name, choice })))
  const aboutNode = (name: string): boolean => offered[name] === undefined
  const chosen = async (name: string, choice: Choice) => {
    const before = await asked(name)
    await before.manager.handlers['tasks.choose']({ id: before.task.id, choice }, context)
    const next = await untilAsked(before.manager, before.task)
    return { ...before, next, bad: before.question.nodes.map(one => one.id) }
  }

  it.each(cases.filter(({ name, choice }) => choice === 'wait' && aboutNode(name)))(
    '$name: $choice asks again about the same node, as waiting changes nothing', async ({ name, choice }) => {
      const { manager, next, bad, question } = await chosen(name, choice)
      expect(next.question?.nodes.map(one => one.id)).toEqual(bad)
      expect(next.question?.id).not.toBe(question.id)
      await manager.stop()
    })

  it.each(cases.filter(({ choice }) => choice === 'stop'))('$name: $choice keeps and tells what is rented',
    async ({ name, choice }) => {
      const { manager, next, question } = await chosen(name, choice)
      expect(next).toMatchObject({ state: 'failed', error: { code: question.trouble.code } })
      expect(next.error?.stillRented?.map(one => one.id).toSorted())
        .toEqual(question.rented.map(one => one.id).toSorted())
      expect(await manager.handlers['networks.list']({}, context)).toHaveLength(1)
      await manager.stop()
    })

  it.each(cases.filter(({ choice }) => choice === 'roll-back'))('$name: $choice leaves nothing',
    async ({ name, choice }) => {
      const { ports, manager, next, question } = await chosen(name, choice)
      expect(next).toMatchObject({ state: 'failed', error: { code: question.trouble.code } })
      expect(next.error?.message).toContain('given back')
      expect([ports.cloud.left(), await manager.handlers['networks.list']({}, context)]).toEqual([[], []])
      await manager.stop()
    })

  it.each(cases.filter(({ name, choice }) => !['stop', 'roll-back'].includes(choice) &&
    !(choice === 'wait' && aboutNode(name))))('$name: $choice ends running, with nothing given up left rented',
    async ({ name, choice }) => {
      const { ports, manager, next, bad } = await chosen(name, choice)
      expect(next).toMatchObject({ state: 'succeeded', error: null })
      const nodes = ports.cloud.alive()
      // The fake has as many as are asked for, so that nothing is missing where the cloud was at its limit once.
      const count = choice === 'continue' && bad.length > 0 ? 2 : 3
      expect(nodes).toHaveLength(count)
      expect(nodes.filter(one => bad.includes(one.id))).toEqual([])
      expect(nodes.filter(one => one.tags[roleTag] === 'master')).toHaveLength(1)
      expect(new Set(nodes.map(one => one.tags[instancesTag]))).toEqual(new Set([String(count)]))
      expect(new Set(nodes.map(one => one.zone))).toEqual(new Set([choice === 'other-zone' ? 'r-b' : 'r-a']))
      expect(await manager.handlers['networks.get']({ name: 'demo' }, context))
        .toMatchObject({ status: 'running', instances: { length: count } })
      const files = nodes.map(one => ports.fakeSsh.nodes.get(one.id)?.files.get('~/ompi-hostfile'))
      expect(new Set(files).size).toBe(1)
      expect(files[0]?.trim().split('\n')).toHaveLength(count)
      await manager.stop()
    })

  it('promotes a slave when the master is given up', async () => {
    const { ports, manager, task, question } = await asked('a node whose configuration fails')
    expect(question.nodes[0]?.role).toBe('master')
    await manager.handlers['tasks.choose']({ id: task.id, choice: 'continue' }, context)
    expect(await ended(manager, task)).toMatchObject({ state: 'succeeded' })
    expect(ports.cloud.alive().map(one => one.tags[roleTag])).toEqual(['master', 'slave'])
    await manager.stop()
  })
})

describe('a choice ahead of time', () => {
  it.each([['replace', 'a node that dies', 'succeeded'], ['continue', 'a node that never runs', 'succeeded'],
    ['other-zone', 'no capacity', 'succeeded'], ['wait', 'a quota', 'succeeded'],
    ['roll-back', 'a node without host keys', 'failed'], ['stop', 'a quota', 'failed']] as const)(
    '%s, with %s: %s', async (onFailure, name, state) => {
      const ports = fakePorts()
      troubles[name]?.(ports)
      const manager = await startManager(ports)
      const task = await ended(manager, await launchAsking(manager, onFailure))
      expect(task.state).toBe(state)
      // Only who rolls back has nothing left.
      expect(ports.cloud.left().length === 0).toBe(onFailure === 'roll-back')
      await manager.stop()
    })

  it('is not taken for ever', async () => {
    const ports = fakePorts()
    ports.cloud.before = method => { if (method === 'runInstances') throw cloudSays('CLOUD_CAPACITY') }
    const manager = await startManager(ports)
    expect(await ended(manager, await launchAsking(manager, 'wait')))
      .toMatchObject({ state: 'failed', error: { code: 'CLOUD_CAPACITY' } })
    expect(ports.cloud.calls.filter(call => call === 'runInstances')).toHaveLength(4)
    await manager.stop()
  })

  it('rents nothing in another way while it is not certain that nothing was rented', async () => {
    const ports = fakePorts()
    const run = ports.cloud.runInstances.bind(ports.cloud)
    ports.cloud.runInstances = async request => {
      const made = await run(request)
      // Until the manager stops trying by itself.
      if (ports.fakeClock.now().getTime() < Date.parse('2026-01-01T00:01:00Z')) throw cloudSays('ENDPOINT_UNREACHABLE')
      return made
    }
    const manager = await startManager(ports)
    const task = await untilAsked(manager, await launchAsking(manager))
    expect(task.question?.choices.map(one => one.choice)).toEqual(['wait', 'roll-back', 'stop'])
    expect(task.question?.rented.filter(one => one.kind === 'instance')).toHaveLength(3)
    await manager.handlers['tasks.choose']({ id: task.id, choice: 'wait' }, context)
    expect(await ended(manager, task)).toMatchObject({ state: 'succeeded' })
    expect(ports.cloud.alive()).toHaveLength(3)
    await manager.stop()
  })
})
