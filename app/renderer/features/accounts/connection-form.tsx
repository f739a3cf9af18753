import { Button, Group, NumberInput, Paper, PasswordInput, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { Input, Output } from '../../../contract/index.ts'
import { useConnectionSettings, useForgetAnswers } from '../../data/use-accounts.ts'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

type Settings = Output<'connection.get'>

/** Proxy, time limits and retries of all calls to AWS. */
export function ConnectionForm(): ReactElement {
  const words = text.accounts
  const settings = useConnectionSettings()
  return (
    <Paper component="section" aria-labelledby="connection">
      <Stack>
        <Title order={2} id="connection">
          {words.connection}
        </Title>
        {settings.isPending && <Skeleton height={160} />}
        {settings.isError && (
          <ErrorPanel
            error={settings.error}
            title={words.connection}
            onRetry={() => {
              void settings.refetch()
            }}
          />
        )}
        {settings.isSuccess && <Fields settings={settings.data} />}
      </Stack>
    </Paper>
  )
}

/** As typed: whether it is in range is for the manager to say, in words. */
function draftOf(settings: Settings) {
  const { proxy, connectSeconds, answerSeconds, retries } = settings
  return {
    host: proxy?.host ?? '',
    port: (proxy?.port ?? 8080) as number | string,
    user: proxy?.user ?? '',
    password: '',
    connectSeconds: connectSeconds as number | string,
    answerSeconds: answerSeconds as number | string,
    retries: retries as number | string
  }
}
type Draft = ReturnType<typeof draftOf>

function changeOf(draft: Draft): Input<'connection.set'> {
  const host = draft.host.trim()
  return {
    proxy:
      host === ''
        ? null
        : {
            host,
            port: Number(draft.port),
            user: draft.user.trim() === '' ? null : draft.user.trim(),
            ...(draft.password !== '' && { password: draft.password })
          },
    connectSeconds: Number(draft.connectSeconds),
    answerSeconds: Number(draft.answerSeconds),
    retries: Number(draft.retries)
  }
}

function Fields({ settings }: { settings: Settings }): ReactElement {
  const words = text.accounts
  const save = useCommand('connection.set')
  const forget = useForgetAnswers()
  const [draft, setDraft] = useState(() => draftOf(settings))
  const [saved, setSaved] = useState(false)
  const set = (change: Partial<Draft>): void => {
    setDraft({ ...draft, ...change })
  }
  const { environmentProxy, proxy } = settings
  const number = (label: string, field: 'port' | 'connectSeconds' | 'answerSeconds' | 'retries'): ReactElement => (
    <NumberInput
      label={label}
      value={draft[field]}
      onChange={(value) => {
        set({ [field]: value })
      }}
    />
  )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setSaved(false)
        save.mutate(changeOf(draft), {
          onSuccess: () => {
            set({ password: '' })
            setSaved(true)
            save.reset()
            forget()
          }
        })
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {environmentProxy === null ? words.noProxy : words.environmentProxy(environmentProxy)}
        </Text>
        {save.isError && <ErrorPanel error={save.error} title={words.connection} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={words.proxyHost}
            placeholder={words.proxyHostHint}
            value={draft.host}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              set({ host: event.currentTarget.value })
            }}
          />
          {number(words.proxyPort, 'port')}
          <TextInput
            label={words.proxyUser}
            value={draft.user}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              set({ user: event.currentTarget.value })
            }}
          />
          <PasswordInput
            label={words.proxyPassword}
            placeholder={proxy?.password ? words.proxyPasswordKept : ''}
            value={draft.password}
            autoComplete="new-password"
            onChange={(event) => {
              set({ password: event.currentTarget.value })
            }}
          />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {number(words.connectSeconds, 'connectSeconds')}
          {number(words.answerSeconds, 'answerSeconds')}
          {number(words.retries, 'retries')}
        </SimpleGrid>
        <Group justify="space-between">
          <Text size="sm" c="var(--rmada-good)" component="output">
            {saved ? words.saved : ''}
          </Text>
          <Button type="submit" loading={save.isPending}>
            {words.save}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
