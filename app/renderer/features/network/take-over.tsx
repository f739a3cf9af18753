import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent, ReactElement } from 'react'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

/** Makes a network of another computer usable here, for whoever has its key. */
export function TakeOver({ name }: { name: string }): ReactElement {
  const [asking, setAsking] = useState(false)
  const [file, setFile] = useState('')
  const take = useCommand('networks.takeOver')
  const words = text.network
  const close = (): void => {
    setAsking(false)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (file.trim() !== '' && !take.isPending) {
      take.mutate({ name, privateKeyFile: file.trim() }, { onSuccess: close })
    }
  }
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconKey size={16} aria-hidden />}
        onClick={() => {
          take.reset()
          setAsking(true)
        }}
      >
        {words.takeOver}
      </Button>
      {asking && (
        <Modal
          opened
          onClose={close}
          title={words.takeOverTitle(name)}
          closeButtonProps={{ 'aria-label': text.general.close }}
        >
          <form onSubmit={submit}>
            <Stack>
              <Text size="sm">{words.takeOverText}</Text>
              <TextInput
                data-autofocus
                label={words.takeOverFile}
                value={file}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => {
                  setFile(event.currentTarget.value)
                }}
              />
              {take.error !== null && <ErrorPanel error={take.error} title={words.takeOver} />}
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={close}>
                  {text.general.cancel}
                </Button>
                <Button type="submit" disabled={file.trim() === ''} loading={take.isPending}>
                  {words.takeOver}
                </Button>
              </Group>
            </Stack>
          </form>
        </Modal>
      )}
    </>
  )
}
