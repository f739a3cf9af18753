import { describe, expect, it } from 'vitest'
import { RmadaError } from '../../core/error.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { limits } from '../limits.ts'
import { Tasks, isHalting } from './tasks.ts'

function make() {
  const clock = new FakeClock()
  let n = 0
  const tasks = new Tasks({ clock, randomHex: () => String(n += 1), log: () => {}, taskLogs: { append: () => {}, path: id => id } })
  const plan = {
    kind: 'launch' as const, network: 'demo', title: 'Launch demo', cancellable: true,
    steps: [{ name: 'a', title: 'A', weight: 1 }, { name: 'b', title: 'B', weight: 3 }]
  }
  return { clock, tasks, plan }
}

const aborted = (signal: AbortSignal): Promise<void> => new Promise(resolve => {
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', () => resolve())
})

describe('a task', () => {
  it('is there at once, and tells each step with its time', async () => {
    const { clock, tasks, plan } = make()
    const task = tasks.run('t1', plan, async progress => {
      progress.begin('a', 'Doing A.')
      await clock.sleep(250)
      progress.begin('b', 'Doing B.')
      progress.update(0.5, 'Half of B.')
      expect(tasks.get('t1')).toMatchObject({ progress: 0.625, message: 'Half of B.' })
    })
    expect(task).toMatchObject({ id: 't1', state: 'running', progress: 0, endedAt: null })
    await tasks.ended('t1')
    expect(tasks.get('t1')).toMatchObject({ state: 'succeeded', progress: 1, cancellable: false })
    expect(tasks.get('t1').steps.map(step => [step.state, step.ms])).toEqual([['done', 250], ['done', 0]])
    expect(tasks.get('t1').endedAt).not.toBeNull()
  })

  it('that fails keeps the error and skips the rest', async () => {
    const { tasks, plan } = make()
    tasks.run('t1', plan, async progress => {
      progress.begin('a', 'Doing A.')
      throw new RmadaError('CLOUD_CAPACITY', 'Full.', { suggestion: 'Wait.' })
    })
    await tasks.ended('t1')
    expect(tasks.get('t1')).toMatchObject({ state: 'failed', message: 'Full.', error: { code: 'CLOUD_CAPACITY' } })
    expect(tasks.get('t1').steps.map(step => step.state)).toEqual(['failed', 'skipped'])
  })

  it('whose work has a defect says so and ends', async () => {
    const { tasks, plan } = make()
    tasks.run('t1', plan, () => Promise.reject(new TypeError('x is undefined')))
    await tasks.ended('t1')
    expect(tasks.get('t1').error).toMatchObject({ code: 'INTERNAL' })
  })

  it('is cancelled once; ended ones stay as they are', async () => {
    const { tasks, plan } = make()
    tasks.run('t1', plan, async (_progress, signal) => {
      await aborted(signal)
      expect(isHalting(signal)).toBe(false)
      throw new RmadaError('CANCELLED', 'Cancelled.', { suggestion: '' })
    })
    expect(tasks.cancel('t1')).toMatchObject({ state: 'running', cancellable: false })
    await tasks.ended('t1')
    expect(tasks.cancel('t1')).toMatchObject({ state: 'cancelled', error: null })
  })

  it('is forgotten an hour after its end, and one at work never', async () => {
    const { clock, tasks, plan } = make()
    const work = Promise.withResolvers<void>()
    tasks.run('t1', plan, async () => {})
    tasks.run('t2', plan, () => work.promise)
    await tasks.ended('t1')
    clock.pass(limits.endedTaskMs - 1000)
    expect(tasks.list().map(task => task.id)).toEqual(['t1', 't2'])
    clock.pass(2000)
    expect(tasks.list().map(task => task.id)).toEqual(['t2'])
    work.resolve()
    await tasks.ended('t2')
  })

  it('stops where it is when the manager ends', async () => {
    const { tasks, plan } = make()
    let halting = false
    tasks.run('t1', plan, async (_progress, signal) => {
      await aborted(signal)
      halting = isHalting(signal)
    })
    await Promise.resolve()
    await tasks.halt()
    expect(halting).toBe(true)
  })
})
