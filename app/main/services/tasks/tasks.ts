import type { Choice, Question, Task, TaskLog } from '../../../contract/index.ts'
import type { Cancellation } from '../../core/cancellation.ts'
import { RmadaError, toErrorShape } from '../../core/error.ts'
import type { Clock, Log, RandomHex, TaskLogFiles } from '../../core/ports/index.ts'
import { overallProgress, skipWaiting, waitingSteps, withStep } from '../../core/progress.ts'
import type { StepPlan } from '../../core/progress.ts'
import { limits } from '../limits.ts'
import { TaskLogs } from './task-logs.ts'
import { WatchedSet } from '../watch.ts'
import type { SetChange } from '../watch.ts'

/** How the work inside a task reports. Beginning a step ends the one before it. */
export interface TaskProgress {
  begin(step: string, message: string): void
  /** Within the step that is under way; `share` 0 to 1. */
  update(share: number, message: string): void
  /** Adds a step that was not planned, such as a roll-back, and begins it. */
  beginExtra(step: StepPlan, message: string): void
  /** Output of a node, or of the manager where `node` is empty, for the task's log. */
  log(node: string, chunk: string): void
  /** Pauses: resolves with what somebody chooses, rejects with CANCELLED when the signal fires. */
  ask(question: Omit<Question, 'id' | 'askedAt'>, signal: AbortSignal): Promise<Answer>
  /** Ends the step that is under way as done. */
  finish(): void
}

/** What somebody answered to a question. */
export interface Answer { readonly choice: Choice; readonly zone?: string | undefined }

export interface TaskPlan {
  readonly kind: Task['kind']
  readonly network: string
  readonly title: string
  readonly steps: readonly StepPlan[]
  readonly cancellable: boolean
}

interface Asking { readonly id: string; answer(answer: Answer): void }
interface Running { readonly abort: AbortController; readonly ended: Promise<void> }

/** Long commands at work. Tasks cross the boundary as plain data; the work itself never does. */
export class Tasks {
  readonly #tasks = new WatchedSet<Task>()
  readonly #running = new Map<string, Running>()
  readonly #asking = new Map<string, Asking>()
  readonly #clock: Clock
  readonly #randomHex: RandomHex
  readonly #log: Log
  readonly #logs: TaskLogs

  constructor(ports: { clock: Clock; randomHex: RandomHex; log: Log; taskLogs: TaskLogFiles }) {
    this.#clock = ports.clock
    this.#randomHex = ports.randomHex
    this.#log = ports.log
    this.#logs = new TaskLogs(ports)
  }

  newId(): string {
    return `task-${this.#randomHex(6)}`
  }

  /** Starts the work and returns its task at once. What the work throws becomes the task's error. */
  run(id: string, plan: TaskPlan, work: (progress: TaskProgress, signal: AbortSignal) => Promise<void>): Task {
    this.#dropOld()
    const task: Task = {
      id, kind: plan.kind, network: plan.network, title: plan.title, state: 'running', progress: 0, message: '',
      steps: waitingSteps(plan.steps), cancellable: plan.cancellable, startedAt: this.#clock.now().toISOString(),
      endedAt: null, error: null, question: null
    }
    this.#tasks.set(task)
    const abort = new AbortController()
    const ended = this.#work(id, work, abort.signal).finally(() => this.#running.delete(id))
    this.#running.set(id, { abort, ended })
    return task
  }

  list(): Task[] {
    this.#dropOld()
    return this.#tasks.all()
  }

  get(id: string): Task {
    const task = this.#tasks.get(id)
    if (task) return task
    throw new RmadaError('TASK_UNKNOWN', `There is no task of this id: ${id}`, {
      suggestion: 'Ended tasks are forgotten after an hour; list the tasks that are still known.'
    })
  }

  watch(signal: Cancellation): AsyncIterable<SetChange<Task>> {
    return this.#tasks.watch(signal)
  }

  /** The last lines that a task printed. */
  log(id: string, lines: number | undefined): TaskLog {
    this.get(id)
    return this.#logs.last(id, lines)
  }

  followLog(id: string, signal: Cancellation): ReturnType<TaskLogs['follow']> {
    this.get(id)
    return this.#logs.follow(id, signal)
  }

  /**
   * Asks a task to end at its next safe point. Ended tasks and those that must reach their end are left as they are.
   */
  cancel(id: string): Task {
    const task = this.get(id)
    if (task.state !== 'running') return task
    if (!task.cancellable) {
      throw new RmadaError('INVALID_INPUT', `This task cannot be cancelled: ${task.title}`, {
        suggestion: 'Wait until it has ended.'
      })
    }
    this.#change(id, { cancellable: false, message: 'Cancelling.' })
    this.#running.get(id)?.abort.abort()
    return this.get(id)
  }

  /** Answers the question that a task asks. The task goes on at once. */
  choose(id: string, answer: Answer, questionId?: string): Task {
    const { question, title } = this.get(id)
    const asking = this.#asking.get(id)
    const refuse = (why: string, suggestion: string): never => {
      throw new RmadaError('TASK_NOT_ASKING', why, { suggestion })
    }
    if (!question || !asking) return refuse(`This task asks nothing now: ${title}`, 'Look at the task first.')
    if (questionId !== undefined && questionId !== question.id) {
      return refuse(`Meanwhile this task asks something else: ${title}`, 'Look at the task again, then choose.')
    }
    const offered = question.choices.find(one => one.choice === answer.choice)
    const all = question.choices.map(one => one.choice).join(', ')
    if (!offered) return refuse(`The task does not offer this choice now: ${answer.choice}`, `It offers: ${all}.`)
    if (answer.zone !== undefined && !offered.zones?.includes(answer.zone)) {
      return refuse(`The task does not offer this zone: ${answer.zone}`,
        offered.zones ? `It offers: ${offered.zones.join(', ')}.` : 'A zone goes with the choice other-zone only.')
    }
    this.#change(id, { question: null, message: `Chosen: ${offered.title}.` })
    asking.answer(answer)
    return this.get(id)
  }

  /** Resolves when the task has ended, however it did. */
  async ended(id: string): Promise<void> {
    await this.#running.get(id)?.ended
  }

  /** At the end of the manager: every task stops where it is. What it rented stays, and the next start finds it. */
  async halt(): Promise<void> {
    const running = [...this.#running.values()]
    for (const { abort } of running) abort.abort(halting)
    await Promise.all(running.map(({ ended }) => ended))
    this.#tasks.close()
  }

  async #work(
    id: string, work: (progress: TaskProgress, signal: AbortSignal) => Promise<void>, signal: AbortSignal
  ): Promise<void> {
    // The caller gets the task before its first step.
    await Promise.resolve()
    const report = this.#progress(id)
    try {
      await work(report.progress, signal)
      report.endStep('done')
      this.#end(id, { state: 'succeeded', message: 'Done.' })
    } catch (error) {
      const shape = toErrorShape(error)
      const cancelled = shape.code === 'CANCELLED'
      report.endStep(cancelled ? 'skipped' : 'failed')
      const { message } = shape
      this.#end(id, cancelled ? { state: 'cancelled', message } : { state: 'failed', message, error: shape })
      this.#log(cancelled ? 'info' : 'error', `${this.get(id).title}: ${shape.message}`, {
        code: shape.code, ...shape.details,
        ...(shape.code === 'INTERNAL' && error instanceof Error && error.stack ? { stack: error.stack } : {})
      })
    }
  }

  #progress(id: string): { progress: TaskProgress; endStep(state: 'done' | 'failed' | 'skipped'): void } {
    let current: { name: string; since: number } | null = null
    const endStep = (state: 'done' | 'failed' | 'skipped'): void => {
      if (current === null) return
      const ms = this.#clock.now().getTime() - current.since
      const task = this.get(id)
      const before = task.steps.find(step => step.name === current?.name)
      this.#step(id, current.name, { state, ms, progress: state === 'done' ? 1 : before?.progress ?? 0 })
      current = null
    }
    const begin = (step: string, message: string): void => {
      if (current?.name !== step) {
        endStep('done')
        current = { name: step, since: this.#clock.now().getTime() }
      }
      this.#step(id, step, { state: 'running', message })
      this.#change(id, { message })
      this.#log('info', message, { task: id, step })
      this.#logs.add(id, '', `${message}\n`)
    }
    return {
      endStep,
      progress: {
        begin,
        finish: () => endStep('done'),
        log: (node, chunk) => this.#logs.add(id, node, chunk),
        update: (share, message) => {
          if (current === null) return
          this.#step(id, current.name, { progress: share, message })
          this.#change(id, { message })
        },
        ask: async (question, signal) => {
          if (signal.aborted) throw cancelledAsking()
          const asked: Question = { ...question, id: `q-${this.#randomHex(4)}`, askedAt: this.#clock.now().toISOString() }
          const { promise, resolve, reject } = Promise.withResolvers<Answer>()
          const stop = (): void => reject(cancelledAsking())
          signal.addEventListener('abort', stop, { once: true })
          this.#asking.set(id, { id: asked.id, answer: resolve })
          this.#change(id, { question: asked, message: `Waiting for a choice: ${asked.trouble.message}` })
          this.#log('warn', `A choice is waited for: ${asked.trouble.message}`, { task: id, code: asked.trouble.code })
          try {
            return await promise
          } finally {
            signal.removeEventListener('abort', stop)
            this.#asking.delete(id)
            this.#change(id, { question: null })
          }
        },
        beginExtra: (step, message) => {
          endStep('skipped')
          const task = this.get(id)
          this.#change(id, { steps: [...skipWaiting(task.steps), ...waitingSteps([step])] })
          begin(step.name, message)
        }
      }
    }
  }

  #step(id: string, name: string, change: Partial<Task['steps'][number]>): void {
    const steps = withStep(this.get(id).steps, name, change)
    this.#change(id, { steps, progress: overallProgress(steps) })
  }

  #end(id: string, change: Partial<Task>): void {
    const steps = skipWaiting(this.get(id).steps)
    this.#logs.add(id, '', `${change.message ?? ''}\n`)
    this.#logs.end(id)
    this.#change(id, {
      ...change, steps, cancellable: false, endedAt: this.#clock.now().toISOString(),
      progress: change.state === 'succeeded' ? 1 : overallProgress(steps)
    })
  }

  #change(id: string, change: Partial<Task>): void {
    this.#tasks.set({ ...this.get(id), ...change })
  }

  #dropOld(): void {
    const limit = this.#clock.now().getTime() - limits.endedTaskMs
    for (const task of this.#tasks.all()) {
      if (task.endedAt === null || Date.parse(task.endedAt) >= limit) continue
      this.#tasks.remove(task.id)
      this.#logs.forget(task.id)
    }
  }
}

const cancelledAsking = (): RmadaError => new RmadaError('CANCELLED', 'It was cancelled while it waited for a choice.', {
  suggestion: 'Start it again when you like.'
})

/** Abort reason that means the manager ends: stop, and roll nothing back. */
const halting = Symbol('the manager ends')

/** Whether a task's signal fired because the manager ends, not because the user cancelled. */
export function isHalting(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason === halting
}
