import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent, ReactElement } from 'react'
import type { Network } from '../../../contract/index.ts'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

/** Makes a machine image of the master; how far it is shows among the tasks. */
export function SaveImage({ network }: { network: Network }): ReactElement {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDeviceFloppy size={16} aria-hidden />}
        onClick={() => {
          setAsking(true)
        }}
      >
        {text.images.save}
      </Button>
      {asking && (
        <SaveForm
          network={network}
          onClose={() => {
            setAsking(false)
          }}
        />
      )}
    </>
  )
}

function SaveForm({ network, onClose }: { network: Network; onClose: () => void }): ReactElement {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const save = useCommand('images.save')
  const queries = useQueryClient()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate(
      { network: network.name, name: name.trim(), ...(description === '' ? {} : { description }) },
      {
        onSuccess: () => {
          void queries.invalidateQueries({ queryKey: ['own-images', network.region] })
          onClose()
        }
      }
    )
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.images.saveTitle(network.name)}
      closeButtonProps={{ 'aria-label': text.general.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{text.images.saveText}</Text>
          <TextInput
            data-autofocus
            required
            label={text.images.name}
            description={text.images.nameHint}
            value={name}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setName(event.currentTarget.value)
            }}
          />
          <TextInput
            label={text.images.description}
            value={description}
            maxLength={255}
            autoComplete="off"
            onChange={(event) => {
              setDescription(event.currentTarget.value)
            }}
          />
          {save.error !== null && <ErrorPanel error={save.error} title={text.images.save} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.general.cancel}
            </Button>
            <Button type="submit" disabled={name.trim().length < 3} loading={save.isPending}>
              {text.images.saveAction}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
