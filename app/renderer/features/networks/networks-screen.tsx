import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useNetworks } from '../../data/use-sets.ts'
import { counted } from '../../format/count.ts'
import { hourly, knownSum } from '../../format/money.ts'
import { hrefOf } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyNetworks } from './empty-networks.tsx'
import { NetworkCards } from './network-cards.tsx'
import { NetworksTable } from './networks-table.tsx'
import { sortNetworks } from './sort-networks.ts'
import type { NetworkRow, Sorting } from './sort-networks.ts'
import { useNetworkRows } from './use-network-rows.ts'

/** All networks at a glance: how they are, and what they cost. */
export function NetworksScreen(): ReactElement {
  const rows = useNetworkRows()
  const { error } = useNetworks()
  const some = rows !== undefined && rows.length > 0
  return (
    <Stack gap="lg">
      <PageHead title={text.networks.title} actions={some ? <CreateButton /> : undefined} />
      {error !== null && <ErrorPanel error={error} title={text.general.streamLost} />}
      {rows === undefined ? error === null && <Waiting /> : some ? <Overview rows={rows} /> : <EmptyNetworks />}
    </Stack>
  )
}

function CreateButton(): ReactElement {
  return (
    <Button component="a" href={hrefOf({ at: 'create' })} leftSection={<IconPlus size={16} aria-hidden />}>
      {text.networks.create}
    </Button>
  )
}

function Overview({ rows }: { rows: NetworkRow[] }): ReactElement {
  const [sorting, setSorting] = useState<Sorting>({ by: 'launched', descending: true })
  const narrow = useMediaQuery('(max-width: 60em)', undefined, { getInitialValueInEffect: false })
  const sorted = sortNetworks(rows, sorting)
  const total = knownSum(rows.map((row) => row.network.pricePerHour))
  const instances = rows.reduce((sum, row) => sum + row.network.instances.length, 0)
  return (
    <>
      <Text size="sm" c="dimmed" className="numeric" mt={-14}>
        {text.networks.summary(
          counted(rows.length, 'network'),
          counted(instances, 'instance'),
          total.complete ? hourly(total.sum) : text.networks.atLeast(hourly(total.sum))
        )}
      </Text>
      {narrow ? <NetworkCards rows={sorted} /> : <NetworksTable rows={sorted} sorting={sorting} onSort={setSorting} />}
      {rows.some((row) => row.practice) && (
        <Text size="xs" c="dimmed">
          {text.general.practiceNote}
        </Text>
      )}
    </>
  )
}

function Waiting(): ReactElement {
  return (
    <Stack component="section" gap="sm" aria-busy aria-label={text.general.loading}>
      {[0, 1, 2].map((line) => (
        <Skeleton key={line} height={64} radius="lg" />
      ))}
    </Stack>
  )
}
