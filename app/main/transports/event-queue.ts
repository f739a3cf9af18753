import { RmadaError } from '../core/error.ts'

/** An async iterable fed by calls. */
export interface EventQueue<T> extends AsyncIterable<T> {
  push(event: T): void
  /** No more events: the reader gets what is queued, then the end, or this error. */
  end(error?: Error): void
}

const maxQueued = 10_000

/** Turns pushed events into an async iterable for one reader; `onClose` runs once when the reader goes. */
export function createEventQueue<T>(onClose: () => void): EventQueue<T> {
  const events: T[] = []
  let ended = false
  let failure: Error | null = null
  let closed = false
  let wakeUp: (() => void) | null = null

  const close = (): void => {
    if (!closed) onClose()
    closed = true
  }
  const end = (error?: Error): void => {
    if (ended) return
    ended = true
    failure = error ?? null
    wakeUp?.()
  }
  async function next(): Promise<IteratorResult<T>> {
    while (events.length === 0 && !ended) await new Promise<void>((resolve) => { wakeUp = resolve })
    const [event] = events.splice(0, 1)
    if (event !== undefined) return { done: false, value: event }
    close()
    if (failure) throw failure
    return { done: true, value: undefined }
  }

  return {
    push(event) {
      if (ended) return
      events.push(event)
      wakeUp?.()
      if (events.length <= maxQueued) return
      events.length = 0
      end(new RmadaError('TIMEOUT', 'The reader of a stream did not keep up with its events.', {
        suggestion: 'Open the stream again; it begins with the present state.'
      }))
    },
    end,
    [Symbol.asyncIterator]: () => ({
      next,
      return: () => {
        events.length = 0
        end()
        close()
        return Promise.resolve({ done: true, value: undefined })
      }
    })
  }
}
