import type { TaskStep } from '../../contract/index.ts'

/** A step as a task declares it. Weights are relative: how long it takes next to the others. */
export interface StepPlan {
  readonly name: string
  readonly title: string
  readonly weight: number
}

/** The steps of a task before it begins. */
export function waitingSteps(plan: readonly StepPlan[]): TaskStep[] {
  if (plan.length === 0) throw new Error('A task needs at least one step')
  return plan.map(step => ({ ...step, state: 'waiting', progress: 0, message: '', ms: null }))
}

/** The steps with one of them changed. */
export function withStep(steps: readonly TaskStep[], name: string, change: Partial<TaskStep>): TaskStep[] {
  if (!steps.some(step => step.name === name)) throw new Error(`The task has no such step: ${name}`)
  return steps.map(step => step.name === name ? { ...step, ...change } : step)
}

/** Steps that never ran, once the task is over. */
export function skipWaiting(steps: readonly TaskStep[]): TaskStep[] {
  return steps.map(step => step.state === 'waiting' ? { ...step, state: 'skipped' } : step)
}

/** Progress of the whole, 0 to 1: each step counts by its weight, ended ones wholly. */
export function overallProgress(steps: readonly TaskStep[]): number {
  const total = steps.reduce((sum, step) => sum + step.weight, 0)
  if (total === 0) return 0
  const done = steps.reduce((sum, step) => sum + step.weight * share(step), 0)
  return Math.round((done / total) * 1000) / 1000
}

function share(step: TaskStep): number {
  if (step.state === 'done' || step.state === 'skipped') return 1
  return step.state === 'waiting' ? 0 : Math.min(1, Math.max(0, step.progress))
}
