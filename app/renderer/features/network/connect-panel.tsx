import { Code, Group, Paper, SimpleGrid, Text, Title } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Network } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import { CopyButton } from '../../ui/copy-button.tsx'

/** What to type, in R or in a terminal, to compute on a running network. */
export function ConnectPanel({ network }: { network: Network }): ReactElement | null {
  if (network.status !== 'running' || !network.keyHere) return null
  const words = text.network
  return (
    <Paper component="section" aria-labelledby="connect">
      <Title order={2} id="connect" mb="md">
        {words.connect}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <Snippet title={words.connectFromR} copyLabel={words.copyR} code={rCode(network.name)} />
        <Snippet title={words.connectFromShell} copyLabel={words.copyShell} code={shellCode(network.name)} />
      </SimpleGrid>
    </Paper>
  )
}

function rCode(name: string): string {
  return `library(rmada)\nppe.startClient("${name}")\nre(1 + 1)`
}

function shellCode(name: string): string {
  return `rmada eval ${name} "1 + 1"`
}

function Snippet({ title, copyLabel, code }: { title: string; copyLabel: string; code: string }): ReactElement {
  return (
    <div>
      <Group justify="space-between" mb={6}>
        <Text size="sm" c="dimmed">
          {title}
        </Text>
        <CopyButton value={() => code} label={copyLabel} size="compact-xs" />
      </Group>
      <Code block style={{ whiteSpace: 'pre-wrap' }}>
        {code}
      </Code>
    </div>
  )
}
