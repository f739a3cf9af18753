import { Paper, Table, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Volume } from '../../../contract/index.ts'
import { dollars } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import type { Tone } from '../../ui/status-badge.tsx'
import { VolumeActions } from './volume-actions.tsx'

const tones: Readonly<Record<Volume['state'], Tone>> = {
  creating: 'moving', available: 'quiet', 'in-use': 'good', deleting: 'moving', deleted: 'quiet', error: 'bad'
}

interface VolumesTableProps {
  readonly region: string
  readonly volumes: readonly Volume[]
  readonly onNews: (news: string) => void
}

export function VolumesTable({ region, volumes, onNews }: VolumesTableProps): ReactElement {
  const words = text.volumes
  const sources = [...new Set(volumes.flatMap((one) => one.priceSource ?? []))]
  return (
    <>
      <Paper p={0} style={{ overflowX: 'auto' }} component="section" tabIndex={0} aria-label={words.title}>
        <Table verticalSpacing="xs" horizontalSpacing="sm" aria-label={words.title}>
          <Table.Thead>
            <Table.Tr>
              {words.columns.map((column) => (
                <Table.Th key={column} scope="col">
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {volumes.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  {one.id}
                  <Text size="xs" c="dimmed">
                    {[one.name, one.root ? words.root : ''].filter(Boolean).join(' · ')}
                  </Text>
                </Table.Td>
                <Table.Td>{one.zone}</Table.Td>
                <Table.Td>
                  <StatusBadge tone={tones[one.state]}>{words.states[one.state]}</StatusBadge>
                </Table.Td>
                <Table.Td className="numeric">{words.size(one.sizeGib)}</Table.Td>
                <Table.Td>{one.type}</Table.Td>
                <Table.Td>{one.encrypted ? words.yes : words.no}</Table.Td>
                <Table.Td>
                  <RelativeTime iso={one.createdAt} />
                </Table.Td>
                <Table.Td>
                  {one.attachedTo?.network ?? one.attachedTo?.instance ?? text.general.none}
                  <Text size="xs" c="dimmed">
                    {one.attachedTo === null || one.attachedTo.network === null ? '' : one.attachedTo.instance}
                  </Text>
                </Table.Td>
                <Table.Td>{one.mountedAt ?? text.general.none}</Table.Td>
                <Table.Td className="numeric">{one.pricePerMonth === null ? text.general.none : dollars(one.pricePerMonth)}</Table.Td>
                <Table.Td>{!one.root && <VolumeActions region={region} volume={one} onNews={onNews} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      {sources.map((source) => (
        <Text key={source} size="xs" c="dimmed">
          {words.prices(source)}
        </Text>
      ))}
    </>
  )
}
