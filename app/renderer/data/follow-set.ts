import type { QueryClient } from '@tanstack/react-query'
import type { Client, ErrorShape, Network, Task } from '../../contract/index.ts'
import { applySetEvent } from './apply-set-event.ts'
import type { SetEvent } from './apply-set-event.ts'

/** The sets that live in the query cache and are kept by a stream, with the key of each. */
export const setKeys = { networks: ['networks'], tasks: ['tasks'] } as const
/** Under this key stands why a set is not followed just now, or null. */
export const streamErrorKey = (set: keyof typeof setKeys): readonly string[] => ['stream-error', set]

const longestPause = 10_000

/**
 * Keeps the networks and the tasks in the cache as the manager's streams say. A stream that ends is opened again after
 * a growing pause; until then the last known set stays, and the error stands under `streamErrorKey`.
 */
export function followSets(client: Client, cache: QueryClient): () => void {
  const stopNetworks = follow<Network>(cache, 'networks', (onEvent, onEnd) =>
    client.subscribe('networks.watch', {}, onEvent, onEnd)
  )
  const stopTasks = follow<Task>(cache, 'tasks', (onEvent, onEnd) =>
    client.subscribe('tasks.watch', {}, onEvent, onEnd)
  )
  return () => {
    stopNetworks()
    stopTasks()
  }
}

type Open<T> = (onEvent: (event: SetEvent<T>) => void, onEnd: (error: ErrorShape | null) => void) => { close(): void }

function follow<T extends { readonly id: string }>(
  cache: QueryClient,
  set: keyof typeof setKeys,
  open: Open<T>
): () => void {
  let pause = 500
  let timer: ReturnType<typeof setTimeout> | undefined
  let close = (): void => undefined
  const begin = (): void => {
    const subscription = open(
      (event) => {
        pause = 500
        cache.setQueryData<readonly T[]>(setKeys[set], (items) => applySetEvent(items, event))
        if (event.kind === 'all') cache.setQueryData(streamErrorKey(set), null)
      },
      (error) => {
        if (error !== null) cache.setQueryData(streamErrorKey(set), error)
        timer = setTimeout(begin, pause)
        pause = Math.min(longestPause, pause * 2)
      }
    )
    close = () => {
      subscription.close()
    }
  }
  begin()
  return () => {
    clearTimeout(timer)
    close()
  }
}
