import type { Client, ErrorShape } from '../../contract/index.ts'

/** How the window stands with its manager. `refused` is final: only a reload can help. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'reconnecting'; readonly attempt: number }
  | { readonly kind: 'refused'; readonly error: ErrorShape }

/** The way to the manager, whatever carries it. */
export interface Connection {
  readonly client: Client
  readonly state: () => ConnectionState
  /** Calls back on each change of state; returns the function that stops it. */
  readonly onState: (listener: () => void) => () => void
  /** Tries at once instead of waiting for the next attempt. */
  readonly retryNow: () => void
}

/** A state that announces its changes, in the form that React's useSyncExternalStore wants. */
export function observable<T>(initial: T): {
  get: () => T
  set: (next: T) => void
  on: (listener: () => void) => () => void
} {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (next) => {
      value = next
      for (const listener of listeners) listener()
    },
    on: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    }
  }
}
