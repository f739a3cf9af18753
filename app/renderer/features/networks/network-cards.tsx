import { Anchor, Group, Paper, Stack } from '@mantine/core'
import type { ReactElement } from 'react'
import { counted } from '../../format/count.ts'
import { hourly } from '../../format/money.ts'
import { hrefOf } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { Facts } from '../../ui/facts.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { NetworkStatusBadge, NetworkStep } from './network-state.tsx'
import type { NetworkRow } from './sort-networks.ts'
import classes from './networks.module.css'

/** The networks one below the other, for narrow windows: the same facts as the table, nothing to scroll sideways. */
export function NetworkCards({ rows }: { rows: readonly NetworkRow[] }): ReactElement {
  const words = text.networks.columns
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }} aria-label={text.networks.tableLabel}>
      {rows.map((row) => (
        <Paper component="li" key={row.network.id} p="md" className={classes.card}>
          <Group justify="space-between">
            <Anchor href={hrefOf({ at: 'network', name: row.network.name })} fw={600}>
              {row.network.name}
            </Anchor>
            <NetworkStatusBadge network={row.network} />
          </Group>
          <NetworkStep row={row} />
          <Facts
            of={[
              [words.instances, `${counted(row.network.instances.length, 'instance')}, ${row.network.instanceType}`],
              [words.launched, <RelativeTime key="time" iso={row.network.createdAt} />],
              [words.zone, row.network.zone ?? text.networks.anyZone],
              [words.total, hourly(row.network.pricePerHour)],
              [words.price, hourly(row.priceEach)]
            ]}
          />
        </Paper>
      ))}
    </Stack>
  )
}
