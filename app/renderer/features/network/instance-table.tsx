import { Paper, Table, Text, Title } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Instance, Network } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { instanceTones } from '../../ui/tones.ts'
import classes from './instance-table.module.css'

/** The instances, master first. In a narrow window the table scrolls sideways inside its own frame. */
export function InstanceTable({ network }: { network: Network }): ReactElement {
  const words = text.network
  const masterFirst = network.instances.toSorted((one, other) =>
    Number(other.role === 'master') - Number(one.role === 'master') || one.hostName.localeCompare(other.hostName, 'en', { numeric: true }))
  return (
    <Paper component="section" aria-labelledby="instances" p={0}>
      <Title order={2} id="instances" className={classes.title}>{words.instances}</Title>
      {masterFirst.length === 0
        ? <Text size="sm" c="dimmed" px="lg" pb="lg">{words.noInstances}</Text>
        : (
          <div className={classes.frame} role="region" aria-labelledby="instances" tabIndex={0}>
            <Table verticalSpacing={8} horizontalSpacing="md" aria-labelledby="instances">
              <Table.Thead>
                <Table.Tr>
                  {Object.values(words.instanceColumns).map((column) => <Table.Th key={column} scope="col">{column}</Table.Th>)}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>{masterFirst.map((instance) => <Row key={instance.id} instance={instance} />)}</Table.Tbody>
            </Table>
          </div>
          )}
    </Paper>
  )
}

function Row({ instance }: { instance: Instance }): ReactElement {
  const words = text.network
  return (
    <Table.Tr>
      <Table.Td fw={instance.role === 'master' ? 600 : 400}>{words.roles[instance.role]}</Table.Td>
      <Table.Td>
        {instance.hostName}
        <Text size="xs" c="dimmed">{instance.id}</Text>
      </Table.Td>
      <Table.Td>
        <StatusBadge tone={instanceTones[instance.state]}>{words.instanceStates[instance.state]}</StatusBadge>
        {instance.reason !== '' && <Text size="xs" c="dimmed" mt={4}>{instance.reason}</Text>}
      </Table.Td>
      <Table.Td>{instance.publicDns || instance.publicIp || text.general.none}</Table.Td>
      <Table.Td>{instance.privateIp ?? text.general.none}</Table.Td>
      <Table.Td>{instance.type}</Table.Td>
      <Table.Td>{instance.image}</Table.Td>
      <Table.Td>{instance.zone}</Table.Td>
      <Table.Td><RelativeTime iso={instance.launchedAt} /></Table.Td>
    </Table.Tr>
  )
}
