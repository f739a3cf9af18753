import type { Client, Task } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Io } from './io.ts'
import { questionText } from './question-text.ts'

/** Shows each step of a task once when it begins and once when it ends, on standard error. */
function createProgressPrinter(note: (line: string) => void): (task: Task) => void {
  const shown = new Map<string, string>()
  const asked = new Set<string>()
  return (task) => {
    if (task.question && !asked.has(task.question.id)) {
      asked.add(task.question.id)
      note(questionText(task))
    }
    for (const { name, title, state, message, ms } of task.steps) {
      if (state === 'waiting' || shown.get(name) === state) continue
      shown.set(name, state)
      const time = ms === null ? '' : ` (${(ms / 1000).toFixed(1)} s)`
      const percent = String(Math.round(task.progress * 100)).padStart(3)
      note(`${percent} %  ${title}: ${state}${time}${message === '' ? '' : `: ${message}`}`)
    }
  }
}

/** Resolves with the task once it has ended in success; rejects with its own error when it failed or was cancelled. */
export async function followTask(client: Client, started: Task, note: Io['note']): Promise<Task> {
  const show = createProgressPrinter(note)
  const { promise, resolve, reject } = Promise.withResolvers<Task>()
  const look = (task: Task): void => {
    if (task.id !== started.id) return
    show(task)
    if (task.state !== 'running') resolve(task)
  }
  const subscription = client.subscribe(
    'tasks.watch',
    {},
    (event) => {
      if (event.kind === 'all') event.items.forEach(look)
      if (event.kind === 'changed') look(event.item)
    },
    (error) => {
      reject(
        error
          ? RmadaError.fromShape(error)
          : new RmadaError('MANAGER_UNREACHABLE', 'The manager ended before the task did.', {
              suggestion: `Look at the network with: rmada status ${started.network}`
            })
      )
    }
  )
  const ended = await promise.finally(() => {
    subscription.close()
  })
  if (ended.state === 'succeeded') return ended
  throw ended.error
    ? RmadaError.fromShape(ended.error)
    : new RmadaError('CANCELLED', `The task was cancelled: ${ended.title}`, {
        suggestion: 'Start it again when you like.'
      })
}
