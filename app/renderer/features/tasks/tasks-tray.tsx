import { ActionIcon, Drawer, Indicator, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconListCheck } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useTasks } from '../../data/use-sets.ts'
import { text } from '../../strings/index.ts'
import { TaskCard } from './task-card.tsx'

/** What is at work and what ended lately, from anywhere in the window. */
export function TasksTray(): ReactElement {
  const [opened, tray] = useDisclosure(false)
  const tasks = useTasks().items ?? []
  const running = tasks.filter((task) => task.state === 'running').length
  const latestFirst = tasks.toSorted((one, other) => other.startedAt.localeCompare(one.startedAt))
  return (
    <>
      <Indicator label={running} size={16} offset={7} disabled={running === 0}>
        <ActionIcon aria-label={text.general.tasksRunning(running)} aria-expanded={opened} onClick={tray.open}>
          <IconListCheck size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Indicator>
      <Drawer
        opened={opened}
        onClose={tray.close}
        position="right"
        size="sm"
        title={text.tasks.title}
        closeButtonProps={{ 'aria-label': text.general.close }}
      >
        {tasks.length === 0 ? (
          <Text size="sm" c="dimmed">
            {text.tasks.empty}
          </Text>
        ) : (
          <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
            {latestFirst.map((task) => (
              <TaskCard key={task.id} task={task} onLook={tray.close} />
            ))}
          </Stack>
        )}
      </Drawer>
    </>
  )
}
