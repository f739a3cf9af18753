import { Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Output } from '../../../contract/index.ts'
import { useManagerInfo } from '../../data/use-manager-info.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Facts } from '../../ui/facts.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'

/** Which Rmada this is, where it keeps things, and what the practice cloud's machines are made of here. */
export function AboutScreen(): ReactElement {
  const info = useManagerInfo()
  const words = text.about
  return (
    <Stack gap="lg">
      <div>
        <PageHead title={words.title} />
        <Text c="dimmed" size="sm">
          {words.what}
        </Text>
      </div>
      {info.isError && (
        <ErrorPanel
          error={info.error}
          title={words.title}
          onRetry={() => {
            void info.refetch()
          }}
        />
      )}
      {info.isPending && <Skeleton height={180} radius="lg" />}
      {info.isSuccess && <Info info={info.data} />}
      <Text size="xs" c="dimmed">
        {words.licence}
      </Text>
    </Stack>
  )
}

function Info({ info }: { info: Output<'manager.info'> }): ReactElement {
  const words = text.about
  const { practice } = info
  return (
    <>
      <Paper component="section" aria-labelledby="about-manager">
        <Title order={2} id="about-manager" mb="md">
          {words.manager}
        </Title>
        <Facts
          of={[
            [words.version, info.version],
            [words.protocol, String(info.protocol)],
            [words.process, String(info.pid)],
            [words.dataDirectory, info.dataDirectory],
            [words.secrets, words.secretsKept[info.secrets]]
          ]}
        />
      </Paper>
      <Paper component="section" aria-labelledby="about-practice">
        <Title order={2} id="about-practice" mb="md">
          {words.practice}
        </Title>
        <StatusBadge tone={practice.available ? 'good' : 'caution'}>
          {practice.available ? words.practiceAvailable : words.practiceUnavailable}
        </StatusBadge>
        <Text size="sm" mt="sm" maw={680}>
          {practice.explanation}
        </Text>
        <Text size="sm" c="dimmed" mt="xs">
          {words.backend}: {words.backends[practice.backend]}
        </Text>
      </Paper>
    </>
  )
}
