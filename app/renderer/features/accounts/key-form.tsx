import { Button, Group, Paper, PasswordInput, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useForgetAnswers } from '../../data/use-accounts.ts'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import classes from './accounts.module.css'

const empty = { name: '', accessKeyId: '', secretAccessKey: '', sessionToken: '' }

/** Takes an access key and hands it to the manager; the window forgets it as soon as it is kept. */
export function KeyForm({ kept }: { kept: 'keychain' | 'memory' }): ReactElement {
  const words = text.accounts
  const store = useCommand('accounts.storeKey')
  const forget = useForgetAnswers()
  const [key, setKey] = useState(empty)
  const [stored, setStored] = useState<string | null>(null)
  const set = (change: Partial<typeof empty>): void => {
    setKey({ ...key, ...change })
  }
  return (
    <Paper component="section" aria-labelledby="add-key">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const { sessionToken, ...rest } = key
          setStored(null)
          store.mutate(sessionToken === '' ? rest : key, {
            onSuccess: ({ name }) => {
              setKey(empty)
              setStored(name)
              // The secret must not stay behind as the last input of the command.
              store.reset()
              forget()
            }
          })
        }}
      >
        <Stack>
          <Title order={2} id="add-key">
            {words.addKey}
          </Title>
          {kept === 'memory' ? (
            <Text size="sm" className={classes.notice}>
              {words.kept.memory}
            </Text>
          ) : (
            <Text size="sm" c="dimmed">
              {words.kept.keychain}
            </Text>
          )}
          {store.isError && <ErrorPanel error={store.error} title={words.addKey} />}
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label={words.keyName}
              description={words.keyNameHint}
              value={key.name}
              required
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                set({ name: event.currentTarget.value })
              }}
            />
            <TextInput
              label={words.accessKeyId}
              description="AKIA…"
              value={key.accessKeyId}
              required
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                set({ accessKeyId: event.currentTarget.value })
              }}
            />
            <PasswordInput
              label={words.secretAccessKey}
              value={key.secretAccessKey}
              required
              autoComplete="new-password"
              onChange={(event) => {
                set({ secretAccessKey: event.currentTarget.value })
              }}
            />
            <PasswordInput
              label={words.sessionToken}
              description={words.sessionTokenHint}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={key.sessionToken}
              autoComplete="new-password"
              onChange={(event) => {
                set({ sessionToken: event.currentTarget.value })
              }}
            />
          </SimpleGrid>
          <Group justify="space-between">
            <Text size="sm" c="var(--rmada-good)" component="output">
              {stored === null ? '' : words.stored(stored)}
            </Text>
            <Button type="submit" loading={store.isPending}>
              {words.keep}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
