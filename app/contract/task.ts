import { z } from 'zod'
import { Question } from './choice.ts'
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
  kind: z.enum(['launch', 'reboot', 'terminate', 'repair', 'stop', 'start', 'add-nodes', 'remove-nodes', 'save-image', 'remove-orphans']),
  network: z.string(),
  title: z.string(),
  state: TaskState,
  progress: z.number(),
  message: z.string(),
  steps: z.array(TaskStep),
  cancellable: z.boolean(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  error: ErrorShape.nullable(),
  /** What the task waits to be told (by `tasks.choose`) before it goes on; its state stays `running`. */
  question: Question.nullable().optional()
})
export type Task = z.infer<typeof Task>

/** One line that the work of a task printed on a node. `node` is empty for lines of the manager itself. */
export const TaskLogLine = z.object({ at: z.string(), node: z.string(), text: z.string() })
export type TaskLogLine = z.infer<typeof TaskLogLine>

/** The end of what a task printed; all of it is in `file`. */
export const TaskLog = z.object({
  lines: z.array(TaskLogLine),
  /** Earlier lines that are in the file only. */
  dropped: z.number().int(),
  /** On the manager's computer. */
  file: z.string()
})
export type TaskLog = z.infer<typeof TaskLog>
