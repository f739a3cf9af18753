import type { Cancellation } from '../core/cancellation.ts'

/**
 * A stream with one reader. Events with the same key replace each other until they are read: a slow reader sees the
 * latest.
 */
export interface Stream<E> {
  readonly events: AsyncIterable<E>
  push(key: string, event: E): void
  end(): void
}

/** Makes a stream that ends when its reader leaves, the signal fires or `end` is called; `onEnd` runs once. */
export function openStream<E>(signal: Cancellation, onEnd: () => void): Stream<E> {
  const waiting = new Map<string, E>()
  let wake: (() => void) | null = null
  let ended = false

  const end = (): void => {
    if (ended) return
    ended = true
    signal.removeEventListener('abort', end)
    onEnd()
    wake?.()
  }
  const next = async (): Promise<IteratorResult<E>> => {
    for (;;) {
      const first = waiting.entries().next()
      if (!first.done) {
        const [key, value] = first.value
        waiting.delete(key)
        return { done: false, value }
      }
      if (ended) return { done: true, value: undefined }
      await new Promise<void>(resolve => { wake = resolve })
      wake = null
    }
  }
  if (signal.aborted) ended = true
  else signal.addEventListener('abort', end, { once: true })

  return {
    events: {
      [Symbol.asyncIterator]: () => ({
        next,
        return: async () => {
          waiting.clear()
          end()
          return { done: true, value: undefined }
        }
      })
    },
    push(key, event) {
      if (ended) return
      waiting.delete(key)
      waiting.set(key, event)
      wake?.()
    },
    end
  }
}

/** One event of a watched set: the whole of it first, then each change. */
export type SetChange<T> =
  | { readonly kind: 'all'; items: T[] }
  | { readonly kind: 'changed'; item: T }
  | { readonly kind: 'removed'; id: string }

/** A set of things by id that can be watched. */
export class WatchedSet<T extends { readonly id: string }> {
  readonly #items = new Map<string, T>()
  readonly #streams = new Set<Stream<SetChange<T>>>()

  all(): T[] {
    return [...this.#items.values()]
  }

  get(id: string): T | undefined {
    return this.#items.get(id)
  }

  /** Tells watchers only when something differs. */
  set(item: T): void {
    const before = this.#items.get(item.id)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(item)) return
    this.#items.set(item.id, item)
    for (const stream of this.#streams) stream.push(item.id, { kind: 'changed', item })
  }

  remove(id: string): void {
    if (!this.#items.delete(id)) return
    for (const stream of this.#streams) stream.push(id, { kind: 'removed', id })
  }

  watch(signal: Cancellation): AsyncIterable<SetChange<T>> {
    const stream: Stream<SetChange<T>> = openStream(signal, () => this.#streams.delete(stream))
    stream.push('', { kind: 'all', items: this.all() })
    if (!signal.aborted) this.#streams.add(stream)
    return stream.events
  }

  /** Ends every watcher. */
  close(): void {
    for (const stream of this.#streams) stream.end()
  }
}
