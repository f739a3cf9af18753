import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { FormEvent, ReactElement, ReactNode } from 'react'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

interface VolumeDialogProps {
  readonly title: string
  readonly explanation: string
  readonly action: string
  readonly ready: boolean
  readonly busy: boolean
  readonly error: unknown
  readonly children: ReactNode
  readonly onSubmit: () => void
  readonly onClose: () => void
}

/** A question on a volume, with its fields and one button that does it. */
export function VolumeDialog(props: VolumeDialogProps): ReactElement {
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (props.ready && !props.busy) props.onSubmit()
  }
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': text.general.close }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{props.explanation}</Text>
          {props.children}
          {props.error !== null && <ErrorPanel error={props.error} title={props.title} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {text.general.cancel}
            </Button>
            <Button type="submit" disabled={!props.ready} loading={props.busy}>
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
