import { describe, expect, it } from 'vitest'
import { overallProgress, skipWaiting, waitingSteps, withStep } from './progress.ts'

const steps = waitingSteps([
  { name: 'a', title: 'A', weight: 1 }, { name: 'b', title: 'B', weight: 3 }
])

describe('steps of a task', () => {
  it('need at least one', () => {
    expect(() => waitingSteps([])).toThrow('at least one step')
  })

  it('count by their weight', () => {
    expect(overallProgress(steps)).toBe(0)
    expect(overallProgress(withStep(steps, 'a', { state: 'done' }))).toBe(0.25)
    expect(overallProgress(withStep(steps, 'b', { state: 'running', progress: 0.5 }))).toBe(0.375)
    expect(overallProgress(withStep(steps, 'b', { state: 'running', progress: 7 }))).toBe(0.75)
    expect(overallProgress(steps.map(step => ({ ...step, state: 'done' as const })))).toBe(1)
  })

  it('that were never reached are skipped at the end', () => {
    expect(skipWaiting(withStep(steps, 'a', { state: 'failed' })).map(step => step.state))
      .toEqual(['failed', 'skipped'])
  })

  it('are never made up', () => {
    expect(() => withStep(steps, 'c', { state: 'done' })).toThrow('no such step: c')
  })
})
