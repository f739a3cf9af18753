import { ActionIcon, Button, Code, Group, Paper, Stack, Text, Title, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { ReactElement, ReactNode } from 'react'
import type { AccountChoice, Output } from '../../../contract/index.ts'
import { useForgetAnswers } from '../../data/use-accounts.ts'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import classes from './accounts.module.css'

/** Everything that this computer can sign in to AWS with, the chosen one marked. */
export function WaysToSignIn({ accounts }: { accounts: Output<'accounts.list'> }): ReactElement {
  const words = text.accounts
  const use = useCommand('accounts.use')
  const remove = useCommand('accounts.deleteKey')
  const forget = useForgetAnswers()
  const { profile: chosenProfile, key: chosenKey } = accounts.chosen
  const failed = [use, remove].find((command) => command.isError)
  const choose = (choice: AccountChoice): void => {
    use.mutate(choice, { onSuccess: forget })
  }
  const action = (choice: AccountChoice, name: string): ReactNode =>
    choice.profile === chosenProfile && choice.key === chosenKey ? (
      <StatusBadge tone="good">{words.used}</StatusBadge>
    ) : (
      <Button
        size="compact-sm"
        variant="default"
        disabled={use.isPending}
        aria-label={`${words.use}: ${name}`}
        onClick={() => {
          choose(choice)
        }}
      >
        {words.use}
      </Button>
    )
  return (
    <Paper component="section" aria-labelledby="ways">
      <Title order={2} id="ways" mb="xs">
        {words.ways}
      </Title>
      {failed !== undefined && <ErrorPanel error={failed.error} title={words.ways} />}
      <ul className={classes.ways}>
        <Way name={words.default} hint={accounts.environment ? words.environment : words.defaultHint}>
          {action({ profile: null, key: null }, words.default)}
        </Way>
        {accounts.profiles.map(({ name, kind, region }) => (
          <Way
            key={`profile ${name}`}
            name={name}
            hint={`${words.kinds[kind]}${region === null ? '' : ` · ${region}`}`}
            command={kind === 'sso' ? words.ssoCommand(name) : undefined}
          >
            {action({ profile: name, key: null }, name)}
          </Way>
        ))}
        {accounts.keys.map(({ name, keyEnding }) => (
          <Way key={`key ${name}`} name={name} hint={words.storedKey(keyEnding)}>
            <Group gap="xs" wrap="nowrap">
              {action({ profile: null, key: name }, name)}
              <Tooltip label={words.deleteKey(name)}>
                <ActionIcon
                  aria-label={words.deleteKey(name)}
                  loading={remove.isPending}
                  onClick={() => {
                    remove.mutate({ name }, { onSuccess: forget })
                  }}
                >
                  <IconTrash size={17} aria-hidden />
                </ActionIcon>
              </Tooltip>
            </Group>
          </Way>
        ))}
      </ul>
      <Text size="xs" c="dimmed" mt="sm">
        {words.readFrom(accounts.configFile)}
      </Text>
    </Paper>
  )
}

interface WayProps {
  readonly name: string
  readonly hint: string
  readonly command?: string | undefined
  readonly children: ReactNode
}

function Way({ name, hint, command, children }: WayProps): ReactElement {
  return (
    <li className={classes.way}>
      <Stack gap={2} miw={0}>
        <Text size="sm" fw={560} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
        {command !== undefined && (
          <Text size="xs" c="dimmed" component="div">
            {text.accounts.ssoNote} <Code>{command}</Code>
          </Text>
        )}
      </Stack>
      {children}
    </li>
  )
}
