import { Anchor, Code, Group, Paper, Progress, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Task } from '../../../contract/index.ts'
import { duration } from '../../format/time.ts'
import { hrefOf } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { taskTones } from '../../ui/tones.ts'
import { QuestionPanel } from '../choices/question-panel.tsx'
import { CancelTask } from './cancel-task.tsx'
import { TaskLogButton } from './task-log.tsx'

/** One task in the tray. */
export function TaskCard({ task, onLook }: { task: Task; onLook: () => void }): ReactElement {
  const took = task.endedAt === null ? null : Date.parse(task.endedAt) - Date.parse(task.startedAt)
  return (
    <Paper component="li" p="md" shadow="none">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Text size="sm" fw={560} style={{ overflowWrap: 'anywhere' }}>
          {task.title}
        </Text>
        <StatusBadge tone={task.question ? 'caution' : taskTones[task.state]}>
          {task.question ? text.choices.waits : text.tasks.states[task.state]}
        </StatusBadge>
      </Group>
      {task.state === 'running' && (
        <Progress
          size="sm"
          mt="sm"
          value={task.progress * 100}
          aria-label={`${text.network.progress}: ${task.title}`}
        />
      )}
      <Text size="xs" c="dimmed" mt="xs">
        {task.error?.message ?? task.message}
      </Text>
      {task.question && <QuestionPanel key={task.question.id} task={task} question={task.question} />}
      {task.error !== null && (
        <Code mt={6} style={{ display: 'inline-block' }}>
          {task.error.code}
        </Code>
      )}
      <Group justify="space-between" mt="xs">
        <Text size="xs" c="dimmed" className="numeric">
          <RelativeTime iso={task.startedAt} />
          {took !== null && ` · ${text.tasks.took(duration(took))}`}
        </Text>
        <Group gap="sm">
          {task.network !== '' && (
            <Anchor size="xs" href={hrefOf({ at: 'network', name: task.network })} onClick={onLook}>
              {text.tasks.look}
            </Anchor>
          )}
          <TaskLogButton task={task} size="compact-xs" />
          <CancelTask task={task} size="compact-xs" />
        </Group>
      </Group>
    </Paper>
  )
}
