import { Button, Group, Modal, ScrollArea, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDownload, IconFileText } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ReactElement } from 'react'
import type { Task, TaskLogLine } from '../../../contract/index.ts'
import { useTaskLog } from '../../data/use-task-log.ts'
import { text } from '../../strings/index.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import classes from './task-log.module.css'

/** Opens what a task printed on its nodes. */
export function TaskLogButton({ task, size }: { task: Task; size: 'compact-xs' | 'compact-sm' | 'sm' }): ReactElement {
  const [opened, log] = useDisclosure(false)
  const words = text.tasks
  return (
    <>
      <Button
        size={size}
        variant="default"
        leftSection={<IconFileText size={14} aria-hidden />}
        aria-label={words.logOf(task.title)}
        onClick={log.open}
      >
        {words.log}
      </Button>
      <Modal
        opened={opened}
        onClose={log.close}
        size="xl"
        title={words.logOf(task.title)}
        closeButtonProps={{ 'aria-label': text.general.close }}
      >
        <TaskLogText key={task.id} task={task} />
      </Modal>
    </>
  )
}

/** The lines, live; it stays at the end unless the reader has scrolled up. */
function TaskLogText({ task }: { task: Task }): ReactElement {
  const { lines, dropped, error } = useTaskLog(task.id)
  const viewport = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const words = text.tasks
  useEffect(() => {
    if (lines.length > 0 && atEnd.current) viewport.current?.scrollTo({ top: viewport.current.scrollHeight })
  }, [lines])
  return (
    <>
      {error !== null && <ErrorPanel error={error} title={words.log} />}
      {dropped > 0 && (
        <Text size="xs" c="dimmed" mb="xs">
          {words.logMissed(dropped)}
        </Text>
      )}
      <ScrollArea.Autosize
        mah="60vh"
        type="auto"
        viewportRef={viewport}
        viewportProps={{ tabIndex: 0, role: 'log', 'aria-label': words.logOf(task.title) }}
        onScrollPositionChange={({ y }) => {
          const box = viewport.current
          atEnd.current = box === null || box.scrollHeight - box.clientHeight - y < 24
        }}
      >
        {lines.length === 0 ? (
          <Text size="sm" c="dimmed">
            {words.logEmpty}
          </Text>
        ) : (
          <pre className={classes.text}>{lines.map(asText).join('\n')}</pre>
        )}
      </ScrollArea.Autosize>
      <Group justify="flex-end" gap="xs" mt="md">
        <CopyButton value={() => asFile(lines)} label={words.logCopy} />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => {
            save(`${task.id}.log`, asFile(lines))
          }}
        >
          {words.logSave}
        </Button>
      </Group>
    </>
  )
}

const asText = ({ at, node, text: said }: TaskLogLine): string =>
  `${at.slice(11, 19)} ${node === '' ? '' : `[${node}] `}${said}`

const asFile = (lines: readonly TaskLogLine[]): string => lines.map((line) => `${asText(line)}\n`).join('')

function save(name: string, content: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type: 'text/plain' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
