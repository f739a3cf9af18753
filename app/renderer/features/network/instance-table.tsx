import { Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { ReactElement } from 'react'
import type { Instance, Network } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import { Facts } from '../../ui/facts.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { instanceTones } from '../../ui/tones.ts'
import classes from './instance-table.module.css'
import { NodeMenu } from './node-menu.tsx'

/** The instances, master first: a table, or in a narrow window one below the other. */
export function InstanceTable({ network }: { network: Network }): ReactElement {
  const narrow = useMediaQuery('(max-width: 60em)', undefined, { getInitialValueInEffect: false })
  const words = text.network
  const masterFirst = network.instances.toSorted(
    (one, other) =>
      Number(other.role === 'master') - Number(one.role === 'master') ||
      one.hostName.localeCompare(other.hostName, 'en', { numeric: true })
  )
  return (
    <Paper component="section" aria-labelledby="instances" p={0}>
      <Title order={2} id="instances" className={classes.title}>
        {words.instances}
      </Title>
      {masterFirst.length === 0 ? (
        <Text size="sm" c="dimmed" px="lg" pb="lg">
          {words.noInstances}
        </Text>
      ) : narrow ? (
        <Cards network={network} instances={masterFirst} />
      ) : (
        <Wide network={network} instances={masterFirst} />
      )}
    </Paper>
  )
}

interface ListProps {
  readonly network: Network
  readonly instances: readonly Instance[]
}

function Wide({ network, instances }: ListProps): ReactElement {
  const words = text.network.instanceColumns
  const columns = [
    words.role,
    words.host,
    words.state,
    words.publicAddress,
    words.privateAddress,
    words.type,
    words.zone,
    words.launched,
    text.network.actions
  ]
  return (
    <div className={classes.frame}>
      <Table verticalSpacing={8} horizontalSpacing="sm" aria-labelledby="instances">
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {instances.map((instance) => (
            <Row key={instance.id} network={network} instance={instance} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function Row({ network, instance }: { network: Network; instance: Instance }): ReactElement {
  return (
    <Table.Tr>
      <Table.Td fw={instance.role === 'master' ? 600 : 400}>{text.network.roles[instance.role]}</Table.Td>
      <Table.Td>
        {instance.hostName}
        <Text size="xs" c="dimmed">
          {instance.id}
        </Text>
      </Table.Td>
      <Table.Td>
        <State instance={instance} />
      </Table.Td>
      <Table.Td className={classes.long}>{publicAddress(instance)}</Table.Td>
      <Table.Td>{instance.privateIp ?? text.general.none}</Table.Td>
      <Table.Td>
        {instance.type}
        <Text size="xs" c="dimmed">
          {instance.image}
        </Text>
      </Table.Td>
      <Table.Td>{instance.zone}</Table.Td>
      <Table.Td>
        <RelativeTime iso={instance.launchedAt} />
      </Table.Td>
      <Table.Td>
        <NodeMenu network={network} instance={instance} />
      </Table.Td>
    </Table.Tr>
  )
}

function Cards({ network, instances }: ListProps): ReactElement {
  const words = text.network.instanceColumns
  return (
    <Stack component="ul" gap={0} m={0} p={0} className={classes.cards} aria-labelledby="instances">
      {instances.map((instance) => (
        <li key={instance.id}>
          <Group justify="space-between" mb="xs">
            <Text size="sm" fw={600}>
              {text.network.roles[instance.role]}, {instance.hostName}
            </Text>
            <Group gap="xs">
              <State instance={instance} />
              <NodeMenu network={network} instance={instance} />
            </Group>
          </Group>
          <Facts
            of={[
              [words.id, instance.id],
              [words.publicAddress, publicAddress(instance)],
              [words.privateAddress, instance.privateIp ?? text.general.none],
              [words.type, instance.type],
              [words.image, instance.image],
              [words.zone, instance.zone],
              [words.launched, <RelativeTime key="time" iso={instance.launchedAt} />]
            ]}
          />
        </li>
      ))}
    </Stack>
  )
}

function State({ instance }: { instance: Instance }): ReactElement {
  return (
    <div>
      <StatusBadge tone={instanceTones[instance.state]}>{text.network.instanceStates[instance.state]}</StatusBadge>
      {instance.reason !== '' && (
        <Text size="xs" c="dimmed" mt={4}>
          {instance.reason}
        </Text>
      )}
    </div>
  )
}

/** The name where the cloud gave one, else the number; a cloud may give an empty name. */
function publicAddress(instance: Instance): string {
  return instance.publicDns || instance.publicIp || text.general.none
}
