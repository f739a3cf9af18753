import type { Client, Task, TaskLogLine } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Io } from './io.ts'

/** A line as people read it: when, where, what. */
export function logLine({ at, node, text }: TaskLogLine): string {
  return `${at.slice(11, 19)} ${node === '' ? '' : `[${node}] `}${text}`
}

/** The task that began last. */
export async function latestTask(client: Client): Promise<Task> {
  const tasks = await client.call('tasks.list', {})
  const latest = tasks.toSorted((one, other) => other.startedAt.localeCompare(one.startedAt))[0]
  if (latest) return latest
  throw new RmadaError('TASK_UNKNOWN', 'No task is known.', {
    suggestion: 'Ended tasks are forgotten after an hour; their logs stay in the folder logs of the data directory.'
  })
}

/** Prints what a task prints until it has ended. */
export async function followLog(client: Client, id: string, io: Pick<Io, 'note'>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client.subscribe(
    'tasks.followLog',
    { id },
    ({ lines, dropped }) => {
      if (dropped > 0) io.note(`… ${dropped} lines are in the log file only`)
      process.stdout.write(lines.map((line) => `${logLine(line)}\n`).join(''))
    },
    (error) => {
      if (error) reject(RmadaError.fromShape(error))
      else resolve()
    }
  )
  await promise
}
