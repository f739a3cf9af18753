import type { Cancellation } from '../core/cancellation.ts'
import { openStream } from './watch.ts'
import type { Stream } from './watch.ts'

type WindowRequest = { readonly kind: 'ready' } | { readonly kind: 'activate' }

/** The windows that listen to the manager. */
export class Windows {
  readonly #streams = new Set<Stream<WindowRequest>>()

  watch(signal: Cancellation): AsyncIterable<WindowRequest> {
    const stream: Stream<WindowRequest> = openStream(signal, () => this.#streams.delete(stream))
    stream.push('ready', { kind: 'ready' })
    if (!signal.aborted) this.#streams.add(stream)
    return stream.events
  }

  /** Asks every window to come to the front: how many there are. */
  activate(): number {
    for (const stream of this.#streams) stream.push('activate', { kind: 'activate' })
    return this.#streams.size
  }

  close(): void {
    for (const stream of this.#streams) stream.end()
  }
}
