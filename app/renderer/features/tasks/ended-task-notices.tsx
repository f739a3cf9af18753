import { Affix, Notification, Stack } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { ReactElement } from 'react'
import type { Task } from '../../../contract/index.ts'
import { useTasks } from '../../data/use-sets.ts'
import { duration } from '../../format/time.ts'
import { text } from '../../strings/index.ts'
import { newlyEnded } from './newly-ended.ts'

const shownFor = 8000

/** Tells of each task that ends while the window is open. Failures stay until they are put away. */
export function EndedTaskNotices(): ReactElement {
  const { items } = useTasks()
  const before = useRef<readonly Task[] | undefined>(undefined)
  const [notices, setNotices] = useState<readonly Task[]>([])

  useEffect(() => {
    const ended = newlyEnded(before.current, items)
    before.current = items
    if (ended.length === 0) return
    setNotices((all) => [...all, ...ended].slice(-4))
    for (const task of ended) {
      if (task.state !== 'failed')
        setTimeout(() => {
          setNotices(without(task.id))
        }, shownFor)
    }
  }, [items])

  return (
    <Affix position={{ bottom: 20, right: 20 }} w="min(380px, calc(100vw - 40px))">
      <Stack component="section" gap="sm" aria-live="polite" aria-label={text.tasks.notices}>
        {notices.map((task) => (
          <Notification
            key={task.id}
            withBorder
            role="presentation"
            title={text.tasks.ended(task.title, task.state)}
            color={task.state === 'failed' ? 'red' : 'harbor'}
            icon={task.state === 'failed' ? <IconX size={18} aria-hidden /> : <IconCheck size={18} aria-hidden />}
            closeButtonProps={{ 'aria-label': text.general.dismiss }}
            onClose={() => {
              setNotices(without(task.id))
            }}
          >
            {task.error?.message ?? howLong(task)}
          </Notification>
        ))}
      </Stack>
    </Affix>
  )
}

const without =
  (id: string) =>
  (tasks: readonly Task[]): readonly Task[] =>
    tasks.filter((task) => task.id !== id)

function howLong(task: Task): string {
  return task.endedAt === null
    ? task.message
    : text.tasks.took(duration(Date.parse(task.endedAt) - Date.parse(task.startedAt)))
}
