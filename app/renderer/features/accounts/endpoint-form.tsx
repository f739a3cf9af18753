import { Button, Group, Paper, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { Output } from '../../../contract/index.ts'
import { useForgetAnswers } from '../../data/use-accounts.ts'
import { useRegions } from '../../data/use-catalogue.ts'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

/** Makes a region of another EC2-compatible cloud: its address, and what to sign in there with. */
export function EndpointForm({ accounts }: { accounts: Output<'accounts.list'> }): ReactElement {
  const words = text.accounts
  const connect = useCommand('regions.connect')
  const remove = useCommand('regions.forget')
  const forget = useForgetAnswers()
  const custom = (useRegions().data ?? []).filter((region) => region.kind === 'custom')
  const [region, setRegion] = useState('')
  const [endpoint, setEndpoint] = useState('')
  const [by, setBy] = useState('chain')
  const failed = [connect, remove].find((command) => command.isError)
  const ways = [
    { value: 'chain', label: words.default },
    ...accounts.profiles.map(({ name }) => ({ value: `profile ${name}`, label: `${words.kinds.other} ${name}` })),
    ...accounts.keys.map(({ name, keyEnding }) => ({
      value: `key ${name}`,
      label: `${name}: ${words.storedKey(keyEnding)}`
    }))
  ]
  return (
    <Paper component="section" aria-labelledby="endpoint">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const input = {
            region: region.trim(),
            endpoint: endpoint.trim(),
            remember: true,
            ...(by.startsWith('profile ') && { profile: by.slice('profile '.length) }),
            ...(by.startsWith('key ') && { key: by.slice('key '.length) })
          }
          connect.mutate(input, { onSuccess: forget })
        }}
      >
        <Stack>
          <Title order={2} id="endpoint">
            {words.custom}
          </Title>
          {failed !== undefined && <ErrorPanel error={failed.error} title={words.custom} />}
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label={words.customName}
              description={words.customNameHint}
              value={region}
              required
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setRegion(event.currentTarget.value)
              }}
            />
            <TextInput
              label={words.endpoint}
              description={words.endpointHint}
              value={endpoint}
              required
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setEndpoint(event.currentTarget.value)
              }}
            />
          </SimpleGrid>
          <Select
            label={words.credentials}
            value={by}
            allowDeselect={false}
            data={ways}
            onChange={(next) => {
              setBy(next ?? 'chain')
            }}
          />
          <Group justify="space-between">
            <Text size="sm" c="var(--rmada-good)" component="output">
              {connect.isSuccess ? words.connected(connect.data.id) : ''}
            </Text>
            <Button type="submit" loading={connect.isPending}>
              {words.connect}
            </Button>
          </Group>
          {custom.map(({ id, name }) => (
            <Group key={id} justify="space-between" wrap="nowrap">
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Text>
              <Button
                size="compact-sm"
                variant="default"
                loading={remove.isPending}
                onClick={() => {
                  remove.mutate({ region: id }, { onSuccess: forget })
                }}
              >
                {words.forget(id)}
              </Button>
            </Group>
          ))}
        </Stack>
      </form>
    </Paper>
  )
}
