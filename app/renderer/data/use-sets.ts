import { skipToken, useQuery } from '@tanstack/react-query'
import type { ErrorShape, Network, Task } from '../../contract/index.ts'
import { setKeys, streamErrorKey } from './follow-set.ts'

/** A set that a stream keeps: undefined until its first whole set has come. */
export interface LiveSet<T> {
  readonly items: readonly T[] | undefined
  /** Why it is not followed just now; what stands in `items` may then be old. */
  readonly error: ErrorShape | null
}

function useSet<T>(set: keyof typeof setKeys): LiveSet<T> {
  const items = useQuery<readonly T[]>({
    queryKey: setKeys[set],
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity
  })
  const error = useQuery<ErrorShape | null>({
    queryKey: streamErrorKey(set),
    queryFn: skipToken,
    staleTime: Infinity,
    gcTime: Infinity
  })
  return { items: items.data, error: error.data ?? null }
}

/** All networks that are not yet gone, live. */
export const useNetworks = (): LiveSet<Network> => useSet<Network>('networks')

/** Tasks at work and lately ended, live. */
export const useTasks = (): LiveSet<Task> => useSet<Task>('tasks')

/** The task that says most about a network now: the one at work, else the one that its record names. */
export function useTaskOf(network: Pick<Network, 'name' | 'taskId'>): Task | undefined {
  const tasks = useTasks().items ?? []
  return (
    tasks.find((task) => task.network === network.name && task.state === 'running') ??
    tasks.find((task) => task.id === network.taskId)
  )
}
