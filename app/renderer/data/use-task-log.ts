import { useEffect, useState } from 'react'
import type { ErrorShape, TaskLogLine } from '../../contract/index.ts'
import { useClient } from './connection-context.ts'

/** More lines than these make a window slow; the manager's data folder has them all. */
const shownLines = 2000

/** What a task has printed so far, live. */
export interface LiveLog {
  readonly lines: readonly TaskLogLine[]
  readonly dropped: number
  readonly error: ErrorShape | null
}

const empty: LiveLog = { lines: [], dropped: 0, error: null }

/** Follows the log of a task while it is looked at. A component that shows another task's must be another (`key`). */
export function useTaskLog(id: string): LiveLog {
  const client = useClient()
  const [log, setLog] = useState(empty)
  useEffect(() => {
    const subscription = client.subscribe(
      'tasks.followLog',
      { id },
      (news) => {
        setLog((before) => withNews(before, news))
      },
      (error) => {
        if (error !== null) setLog((before) => ({ ...before, error }))
      }
    )
    return () => {
      subscription.close()
    }
  }, [client, id])
  return log
}

/** The log with what came, of which only the last lines are kept. */
export function withNews(
  before: LiveLog,
  news: { readonly lines: readonly TaskLogLine[]; readonly dropped: number }
): LiveLog {
  const lines = [...before.lines, ...news.lines]
  const excess = Math.max(0, lines.length - shownLines)
  return { lines: lines.slice(excess), dropped: before.dropped + news.dropped + excess, error: null }
}
