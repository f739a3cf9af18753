import { Alert, Button, Checkbox, Group, Paper, Select, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import type { Orphan } from '../../../contract/index.ts'
import { useClient } from '../../data/connection-context.ts'
import { useCommand } from '../../data/use-command.ts'
import { useRegions } from '../../data/use-catalogue.ts'
import { useNetworks, useTasks } from '../../data/use-sets.ts'
import { hourly, knownSum } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import { ConfirmByName } from '../../ui/confirm-by-name.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PageHead } from '../../ui/page-head.tsx'

/** What carries Rmada's tags in a region and no network of this computer accounts for, and the button that ends it. */
export function OrphansScreen(): ReactElement {
  const regions = useRegions()
  const recent = useNetworks().items?.[0]?.region
  const [chosen, setChosen] = useState<string | null>(null)
  const region = chosen ?? recent ?? 'practice-1'
  const client = useClient()
  const found = useQuery({
    queryKey: ['orphans', region],
    queryFn: () => client.call('orphans.list', { region }),
    retry: false
  })
  return (
    <Stack gap="lg">
      <PageHead title={text.orphans.title} />
      <Text size="sm" c="dimmed">
        {text.orphans.about}
      </Text>
      <Select
        label={text.orphans.region}
        data={(regions.data ?? []).map((one) => ({ value: one.id, label: `${one.name} (${one.id})` }))}
        value={region}
        allowDeselect={false}
        searchable
        maw={420}
        onChange={setChosen}
      />
      {found.error !== null && <ErrorPanel error={found.error} title={text.orphans.title} />}
      {found.isPending && <Skeleton height={120} radius="lg" aria-label={text.general.loading} />}
      {found.data !== undefined && <Found key={region} region={region} orphans={found.data.orphans} />}
    </Stack>
  )
}

function Found({ region, orphans }: { region: string; orphans: readonly Orphan[] }): ReactElement {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set(orphans.filter((one) => !one.inUse).map((one) => one.id)))
  const [asking, setAsking] = useState(false)
  const remove = useCommand('orphans.remove')
  const words = text.orphans
  useRefreshAfterRemoval(region)
  if (orphans.length === 0) return <Paper>{words.none}</Paper>
  const chosen = orphans.filter((one) => picked.has(one.id))
  const cost = knownSum(orphans.map((one) => one.pricePerHour))
  const close = (): void => {
    setAsking(false)
  }
  const toggle = (id: string): void => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  return (
    <>
      <Group justify="space-between">
        <Text size="sm" className="numeric">
          {words.summary(orphans.length, cost.complete ? hourly(cost.sum) : text.networks.atLeast(hourly(cost.sum)))}
        </Text>
        <Button
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          disabled={chosen.length === 0}
          onClick={() => {
            remove.reset()
            setAsking(true)
          }}
        >
          {words.remove(chosen.length)}
        </Button>
      </Group>
      {orphans.some((one) => one.inUse) && <Alert radius="lg">{words.inUseNote}</Alert>}
      <Paper p={0} style={{ overflowX: 'auto' }}>
        <Table verticalSpacing="xs" horizontalSpacing="sm" aria-label={words.title}>
          <Table.Thead>
            <Table.Tr>
              {[words.pick, ...words.columns].map((column) => (
                <Table.Th key={column} scope="col">
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {orphans.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <Checkbox
                    aria-label={words.pickOne(one.id)}
                    checked={picked.has(one.id)}
                    onChange={() => {
                      toggle(one.id)
                    }}
                  />
                </Table.Td>
                <Table.Td>
                  {one.id}
                  <Text size="xs" c="dimmed">
                    {one.name}
                  </Text>
                </Table.Td>
                <Table.Td>{words.kinds[one.kind]}</Table.Td>
                <Table.Td>{one.inUse ? words.inUse : one.state || text.general.none}</Table.Td>
                <Table.Td>{one.network ?? text.general.none}</Table.Td>
                <Table.Td className="numeric">{hourly(one.pricePerHour)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      {asking && (
        <ConfirmByName
          title={words.confirmTitle(chosen.length)}
          name={region}
          label={words.typeRegion}
          action={words.remove(chosen.length)}
          color="red"
          explanation={words.confirmText}
          busy={remove.isPending}
          error={remove.error}
          onClose={close}
          onConfirm={() => {
            remove.mutate({ region, ids: chosen.map((one) => one.id), confirm: true }, { onSuccess: close })
          }}
        />
      )}
    </>
  )
}

/** The list is asked for anew whenever a removal has ended. */
function useRefreshAfterRemoval(region: string): void {
  const queries = useQueryClient()
  const ended = (useTasks().items ?? []).filter((task) => task.kind === 'remove-orphans' && task.state !== 'running').length
  useEffect(() => {
    if (ended > 0) void queries.invalidateQueries({ queryKey: ['orphans', region] })
  }, [ended, queries, region])
}
