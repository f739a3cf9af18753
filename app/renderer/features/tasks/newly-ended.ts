import type { Task } from '../../../contract/index.ts'

/** Tasks that were seen at work and are not any more. What had ended before this window looked is no news. */
export function newlyEnded(before: readonly Task[] | undefined, after: readonly Task[] | undefined): Task[] {
  const wasRunning = new Set((before ?? []).filter((task) => task.state === 'running').map((task) => task.id))
  return (after ?? []).filter((task) => task.state !== 'running' && wasRunning.has(task.id))
}
