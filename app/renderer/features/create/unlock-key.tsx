import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

const words = text.launchOptions.unlock

/** Asks once for the passphrase of a private key file. It goes to the manager and is kept nowhere here. */
export function UnlockKey({ file }: { readonly file: string }): ReactElement {
  const queries = useQueryClient()
  const unlock = useCommand('keys.unlock')
  const [passphrase, setPassphrase] = useState('')
  const open = (): void => {
    unlock.mutate(
      { file, passphrase },
      {
        onSuccess: () => {
          setPassphrase('')
          void queries.invalidateQueries({ queryKey: ['plan'] })
        }
      }
    )
  }
  return (
    <Stack gap="xs">
      {unlock.isError && <ErrorPanel error={unlock.error} title={words.button} />}
      <Group align="flex-end" gap="xs">
        <PasswordInput
          flex={1}
          label={words.passphrase}
          value={passphrase}
          autoComplete="off"
          onChange={(event) => {
            setPassphrase(event.currentTarget.value)
          }}
        />
        <Button variant="default" loading={unlock.isPending} disabled={passphrase === ''} onClick={open}>
          {words.button}
        </Button>
      </Group>
    </Stack>
  )
}
