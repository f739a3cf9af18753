import { z } from 'zod'
import { ErrorShape } from './error.ts'

const StepState = z.enum(['waiting', 'running', 'done', 'failed', 'skipped'])

/** One weighted step of a task. Weights are relative; `progress` is 0 to 1 within the step. */
export const TaskStep = z.object({
  name: z.string(),
  title: z.string(),
  weight: z.number(),
  state: StepState,
  progress: z.number(),
  message: z.string(),
  /** Milliseconds from start to end of the step; null until it has ended. */
  ms: z.number().nullable()
})
export type TaskStep = z.infer<typeof TaskStep>

export const TaskState = z.enum(['running', 'succeeded', 'failed', 'cancelled'])
export type TaskState = z.infer<typeof TaskState>

/** A long command at work. `progress` is 0 to 1 over all steps by weight. Times are ISO 8601 in UTC. */
export const Task = z.object({
  id: z.string(),
  kind: z.enum(['launch', 'reboot', 'terminate', 'repair']),
  network: z.string(),
  title: z.string(),
  state: TaskState,
  progress: z.number(),
  message: z.string(),
  steps: z.array(TaskStep),
  cancellable: z.boolean(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  error: ErrorShape.nullable()
})
export type Task = z.infer<typeof Task>
