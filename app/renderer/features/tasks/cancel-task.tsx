import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactElement } from 'react'
import type { Task } from '../../../contract/index.ts'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

/** Offers to cancel a task that can be; nothing otherwise. */
export function CancelTask({ task, size }: { task: Task; size: 'compact-xs' | 'compact-sm' }): ReactElement | null {
  const [asking, ask] = useDisclosure(false)
  const cancel = useCommand('tasks.cancel')
  const words = text.network
  if (task.state !== 'running') return null
  if (cancel.isSuccess)
    return (
      <Text size="xs" c="dimmed" aria-live="polite">
        {words.cancelling}
      </Text>
    )
  if (!task.cancellable) return null
  return (
    <>
      <Button size={size} variant="default" onClick={ask.open} aria-label={`${words.cancelTask}: ${task.title}`}>
        {words.cancelTask}
      </Button>
      <Modal
        opened={asking}
        onClose={ask.close}
        title={words.cancelTitle(task.title)}
        closeButtonProps={{ 'aria-label': text.general.close }}
      >
        <Stack>
          <Text size="sm">{words.cancelText}</Text>
          {cancel.isError && <ErrorPanel error={cancel.error} title={words.cancelTask} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={ask.close}>
              {words.cancelKeep}
            </Button>
            <Button
              color="red"
              loading={cancel.isPending}
              onClick={() => {
                cancel.mutate({ id: task.id })
              }}
            >
              {words.cancelConfirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
