/**
 * The part of AbortSignal that pure code needs; every AbortSignal is one. Core has no DOM or Node types, so it names
 * its own.
 */
export interface Cancellation {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
