import { Anchor, Paper, Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { hourly } from '../../format/money.ts'
import { goTo, hrefOf } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { NetworkStatusBadge, NetworkStep } from './network-state.tsx'
import type { NetworkRow, SortColumn, Sorting } from './sort-networks.ts'
import classes from './networks.module.css'

const columns: readonly SortColumn[] = ['name', 'status', 'instances', 'launched', 'zone', 'type', 'price', 'total']
const numeric: ReadonlySet<SortColumn> = new Set(['instances', 'price', 'total'])

interface NetworksTableProps {
  readonly rows: readonly NetworkRow[]
  readonly sorting: Sorting
  readonly onSort: (sorting: Sorting) => void
}

/** The networks side by side, for windows that have the room. */
export function NetworksTable({ rows, sorting, onSort }: NetworksTableProps): ReactElement {
  return (
    <Paper p={0} className={classes.table}>
      <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover aria-label={text.networks.tableLabel}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <SortHeader key={column} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.network.id} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}

function SortHeader({
  column,
  sorting,
  onSort
}: Pick<NetworksTableProps, 'sorting' | 'onSort'> & { column: SortColumn }): ReactElement {
  const active = sorting.by === column
  const Icon = !active ? IconArrowsSort : sorting.descending ? IconArrowDown : IconArrowUp
  const label = text.networks.columns[column]
  return (
    <Table.Th
      scope="col"
      className={numeric.has(column) ? classes.right : undefined}
      aria-sort={active ? (sorting.descending ? 'descending' : 'ascending') : undefined}
    >
      <UnstyledButton
        className={classes.sort}
        data-active={active || undefined}
        title={text.networks.sortBy(label)}
        onClick={() => {
          onSort({ by: column, descending: active ? !sorting.descending : false })
        }}
      >
        {label}
        <Icon size={13} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  )
}

function Row({ row }: { row: NetworkRow }): ReactElement {
  const { network } = row
  return (
    // The link in the first cell is what keyboards and screen readers use; a click anywhere in the row is a shortcut.
    <Table.Tr
      className={classes.row}
      onClick={() => {
        goTo({ at: 'network', name: network.name })
      }}
    >
      <Table.Th scope="row" className={classes.name}>
        <Anchor
          href={hrefOf({ at: 'network', name: network.name })}
          fw={560}
          size="sm"
          onClick={(event) => {
            event.stopPropagation()
          }}
        >
          {network.name}
        </Anchor>
      </Table.Th>
      <Table.Td className={classes.state}>
        <NetworkStatusBadge network={network} />
        <NetworkStep row={row} />
      </Table.Td>
      <Table.Td className={classes.right}>{network.instances.length}</Table.Td>
      <Table.Td>
        <RelativeTime iso={network.createdAt} />
      </Table.Td>
      <Table.Td>{network.zone ?? text.networks.anyZone}</Table.Td>
      <Table.Td>{network.instanceType}</Table.Td>
      <Table.Td className={classes.right}>{hourly(row.priceEach)}</Table.Td>
      <Table.Td className={classes.right}>{hourly(network.pricePerHour)}</Table.Td>
    </Table.Tr>
  )
}
