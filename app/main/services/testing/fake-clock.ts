import { RmadaError } from '../../core/error.ts'
import type { Clock } from '../../core/ports/index.ts'

interface Sleeper { readonly at: number; readonly short: boolean; wake(): void }

/** Sleeps up to this long make time pass by themselves; longer ones (timers) wait until time has passed. */
const longestShort = 5000

/**
 * Virtual time: when everybody sleeps, time jumps to the next one to wake. Timers of the background do not drive it, so
 * that a test ends when its work does.
 */
export class FakeClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z')
  #sleepers: Sleeper[] = []

  now(): Date {
    return new Date(this.#now)
  }

  sleep(ms: number, signal?: Parameters<Clock['sleep']>[1]): Promise<void> {
    const aborted = () => new RmadaError('CANCELLED', 'Cancelled.', { suggestion: '' })
    if (signal?.aborted) return Promise.reject(aborted())
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#sleepers = this.#sleepers.filter(one => one !== sleeper)
        reject(aborted())
      }
      const sleeper: Sleeper = {
        at: this.#now + ms,
        short: ms <= longestShort,
        wake: () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        }
      }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', stop, { once: true })
      if (sleeper.short) setImmediate(() => this.#next())
    })
  }

  /** Lets time pass, timers included. */
  pass(ms: number): void {
    this.#now += ms
    const due = this.#sleepers.filter(one => one.at <= this.#now)
    this.#sleepers = this.#sleepers.filter(one => one.at > this.#now)
    for (const one of due) one.wake()
  }

  #next(): void {
    const [first] = this.#sleepers.filter(one => one.short).toSorted((a, b) => a.at - b.at)
    if (first) this.pass(Math.max(0, first.at - this.#now))
  }
}
