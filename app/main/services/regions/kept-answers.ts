import { z } from 'zod'
import { RmadaError } from '../../core/error.ts'
import type { CatalogueStore, Clock } from '../../core/ports/index.ts'
import { limits } from '../limits.ts'

/** What was asked, with the moment of the answer; `problem` says why it is older than it should be. */
export interface Kept<T> {
  readonly at: string
  readonly value: T
  readonly problem: string
  /** When it was last tried to be renewed, in ms. */
  readonly triedAt: number
}

/** A question with how its answer is read back from disk. `key` null: kept in memory only. */
interface Question<T> {
  readonly name: string
  readonly key: string | null
  readonly schema: z.ZodType<T>
  readonly youngMs: number
  readonly refresh: boolean
  readonly ask: () => Promise<T>
}

interface Ports { readonly clock: Clock; readonly catalogueStore: CatalogueStore; readonly version: string }

/**
 * Answers that are kept in memory and on disk for a while, and longer where the cloud cannot be asked: what was true
 * yesterday helps more than nothing, as long as its age is told. Files of another version of Rmada do not count.
 */
export class KeptAnswers {
  readonly #ports: Ports
  readonly #answers = new Map<string, Promise<Kept<unknown>>>()

  constructor(ports: Ports) {
    this.#ports = ports
  }

  async get<T>(question: Question<T>): Promise<Kept<T>> {
    // The name tells the question, so the answer under it has the type of this question.
    const known = this.#answers.get(question.name) as Promise<Kept<T>> | undefined
    if (known !== undefined) {
      const kept = await known.catch(() => null)
      if (kept !== null && this.#serves(kept, question)) return kept
      // Another caller may have asked anew meanwhile: one question is enough.
      const other = this.#answers.get(question.name) as Promise<Kept<T>> | undefined
      if (other !== undefined && other !== known) return other
    }
    const answer = this.#find(question, known)
    this.#answers.set(question.name, answer)
    answer.catch(() => {
      if (this.#answers.get(question.name) === answer) this.#answers.delete(question.name)
    })
    return answer
  }

  /** Forgets what is in memory of the questions whose name ends so; the disk keeps it. */
  forget(ending: string): void {
    for (const name of this.#answers.keys()) if (name.endsWith(ending)) this.#answers.delete(name)
  }

  async #find<T>(question: Question<T>, known: Promise<Kept<T>> | undefined): Promise<Kept<T>> {
    const old = await known?.catch(() => null) ?? await this.#fromDisk(question)
    if (old !== null && this.#serves(old, question)) return old
    try {
      const value = await question.ask()
      const now = this.#ports.clock.now()
      const kept: Kept<T> = { at: now.toISOString(), value, problem: '', triedAt: now.getTime() }
      if (question.key !== null) {
        const { version } = this.#ports
        await this.#ports.catalogueStore.write(question.key, JSON.stringify({ version, at: kept.at, value }))
      }
      return kept
    } catch (error) {
      if (old === null) throw error
      const problem = error instanceof RmadaError ? error.message : 'The cloud could not be asked.'
      return { ...old, problem, triedAt: this.#ports.clock.now().getTime() }
    }
  }

  /** Young enough; an answer that could not be renewed is tried again soon. */
  #serves(kept: Kept<unknown>, { youngMs, refresh }: Question<unknown>): boolean {
    if (refresh) return false
    const now = this.#ports.clock.now().getTime()
    return kept.problem === '' ? now - Date.parse(kept.at) < youngMs : now - kept.triedAt < limits.catalogueRetryMs
  }

  async #fromDisk<T>({ key, schema }: Question<T>): Promise<Kept<T> | null> {
    const text = key === null ? null : await this.#ports.catalogueStore.read(key)
    if (text === null) return null
    const file = z.object({ version: z.literal(this.#ports.version), at: z.iso.datetime(), value: schema })
    try {
      const { at, value } = file.parse(JSON.parse(text))
      // A file from the future is of a clock that was wrong: it would stay young for ever.
      const time = Date.parse(at)
      if (time > this.#ports.clock.now().getTime() + limits.clockDoubtMs) return null
      return { at, value, problem: '', triedAt: time }
    } catch {
      return null
    }
  }
}
