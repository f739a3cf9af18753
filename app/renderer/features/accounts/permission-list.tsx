import { Button, Code, Group, ScrollArea, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import type { Output, PermissionCheck } from '../../../contract/index.ts'
import { useClient } from '../../data/connection-context.ts'
import { text } from '../../strings/index.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import type { Tone } from '../../ui/status-badge.tsx'

const tones: Readonly<Record<PermissionCheck['result'], Tone>> = { allowed: 'good', denied: 'bad', unknown: 'quiet' }

/** What scrolls can be reached by keyboard, and then needs a name. */
const focusable = (label: string) => ({ tabIndex: 0, 'aria-label': label, role: 'region' })

/** What the account may do, tried out when it is asked for; with the policy to give to an administrator. */
export function PermissionList({ region }: { region: string }): ReactElement {
  const words = text.accounts
  const client = useClient()
  const permissions = useQuery({
    queryKey: ['permissions', region],
    enabled: false,
    retry: false,
    queryFn: () => client.call('regions.permissions', { region })
  })
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          variant="default"
          size="compact-sm"
          loading={permissions.isFetching}
          onClick={() => {
            void permissions.refetch()
          }}
        >
          {words.permissions}
        </Button>
        <Text size="xs" c="dimmed">
          {words.permissionsHint}
        </Text>
      </Group>
      {permissions.isError && <ErrorPanel error={permissions.error} title={words.permissions} />}
      {permissions.isSuccess && <Found found={permissions.data} />}
    </Stack>
  )
}

function Found({ found }: { found: Output<'regions.permissions'> }): ReactElement {
  const words = text.accounts
  const lacking = found.missing.length > 0
  return (
    <Stack gap="sm">
      <Text size="sm" fw={560} c={lacking ? 'var(--rmada-bad)' : 'var(--rmada-good)'}>
        {lacking ? words.missing(found.missing.join(', ')) : words.permitted}
      </Text>
      <ScrollArea.Autosize mah={300} type="auto" viewportProps={focusable(words.checks)}>
        <Table aria-label={words.checks} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{words.action}</Table.Th>
              <Table.Th scope="col">{words.result}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.checks.map(({ action, result, note }) => (
              <Table.Tr key={action}>
                <Table.Td>
                  <Code>{action}</Code>
                </Table.Td>
                <Table.Td>
                  <StatusBadge tone={tones[result]}>{words.results[result]}</StatusBadge>
                  {note !== '' && (
                    <Text size="xs" c="dimmed">
                      {note}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      <Group gap="sm">
        <Text size="sm">{words.policy}</Text>
        <CopyButton value={() => found.policy} label={words.copyPolicy} />
      </Group>
      {lacking && (
        <ScrollArea.Autosize mah={260} viewportProps={focusable(words.policy)}>
          <Code block>{found.policy}</Code>
        </ScrollArea.Autosize>
      )}
    </Stack>
  )
}
