import { useSyncExternalStore } from 'react'
import { parseRoute } from './route.ts'
import type { Route } from './route.ts'

const onHash = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener)
  return () => {
    window.removeEventListener('hashchange', listener)
  }
}

/** The present place in the window. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(onHash, () => window.location.hash))
}
