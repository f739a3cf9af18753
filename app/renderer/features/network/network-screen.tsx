import { Alert, Anchor, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconKeyOff } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { Network } from '../../../contract/index.ts'
import { useNetworks, useTaskOf, useTasks } from '../../data/use-sets.ts'
import { hrefOf } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { networkTones } from '../../ui/tones.ts'
import { ConnectPanel } from './connect-panel.tsx'
import { FailurePanel } from './failure-panel.tsx'
import { InstanceTable } from './instance-table.tsx'
import { NetworkActions } from './network-actions.tsx'
import { NetworkFacts } from './network-facts.tsx'
import { ProgressPanel } from './progress-panel.tsx'

/** One network by name: what it does, what it is made of, and how to compute on it. */
export function NetworkScreen({ name }: { name: string }): ReactElement {
  const { items, error } = useNetworks()
  const network = items?.find((one) => one.name === name)
  return (
    <Stack gap="lg">
      {error !== null && <ErrorPanel error={error} title={text.general.streamLost} />}
      {items === undefined ? (
        error === null && <Waiting name={name} />
      ) : network === undefined ? (
        <Absent name={name} />
      ) : (
        <Present network={network} />
      )}
    </Stack>
  )
}

function Present({ network }: { network: Network }): ReactElement {
  const task = useTaskOf(network)
  const working = task?.state === 'running'
  const needsHelp =
    !working && (network.status === 'failed' || network.status === 'services-not-running' || task?.state === 'failed')
  return (
    <>
      <PageHead
        back
        title={network.name}
        actions={<NetworkActions network={network} terminate={!needsHelp} />}
        beside={<StatusBadge tone={networkTones[network.status]}>{text.networks.status[network.status]}</StatusBadge>}
      />
      {!network.keyHere && (
        <Alert icon={<IconKeyOff aria-hidden />} radius="lg">
          {text.network.keyElsewhere}
        </Alert>
      )}
      {working && <ProgressPanel task={task} />}
      {needsHelp && <FailurePanel network={network} task={task} />}
      <ConnectPanel network={network} />
      <InstanceTable network={network} />
      <NetworkFacts network={network} />
    </>
  )
}

/** Not there: not yet, because its launch has just begun; not any more; or never. The tasks tell which. */
function Absent({ name }: { name: string }): ReactElement {
  const ofName = (useTasks().items ?? []).filter((task) => task.network === name)
  const running = ofName.find((task) => task.state === 'running')
  if (running !== undefined) {
    return (
      <>
        <PageHead back title={name} />
        <ProgressPanel task={running} />
      </>
    )
  }
  const terminated = ofName.some((task) => task.kind === 'terminate' && task.state === 'succeeded')
  return (
    <>
      <PageHead back title={name} />
      <Paper>
        <Title order={2}>{terminated ? text.network.goneDone(name) : text.network.gone(name)}</Title>
        <Text size="sm" mt="xs">
          {terminated ? text.network.goneDoneDetail : text.network.goneDetail}{' '}
          <Anchor underline="always" href={hrefOf({ at: 'networks' })}>
            {text.general.toNetworks}
          </Anchor>
        </Text>
      </Paper>
    </>
  )
}

function Waiting({ name }: { name: string }): ReactElement {
  return (
    <>
      <PageHead back title={name} />
      <Stack component="section" aria-busy aria-label={text.general.loading}>
        <Skeleton height={120} radius="lg" />
        <Skeleton height={180} radius="lg" />
      </Stack>
    </>
  )
}
