import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent, ReactElement } from 'react'
import { text } from '../strings/index.ts'
import { ErrorPanel } from './error-panel.tsx'

interface ConfirmByNameProps {
  readonly title: string
  readonly explanation: string
  readonly name: string
  /** What is typed, where it is not the name of a network. */
  readonly label?: string
  readonly action: string
  readonly color: 'red' | 'harbor'
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks for the name of what is about to be hit, so that no habit of clicking can end the wrong network. */
export function ConfirmByName(props: ConfirmByNameProps): ReactElement {
  const [typed, setTyped] = useState('')
  const matches = typed.trim() === props.name
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (matches && !props.busy) props.onConfirm()
  }
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': text.general.close }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{props.explanation}</Text>
          <TextInput
            data-autofocus
            label={props.label ?? text.network.typeName}
            description={props.name}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setTyped(event.currentTarget.value)
            }}
          />
          {props.error !== null && <ErrorPanel error={props.error} title={props.action} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {text.general.cancel}
            </Button>
            <Button type="submit" color={props.color} disabled={!matches} loading={props.busy}>
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
