import { Alert, Button, Group, Paper, Select, Skeleton, Stack, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useRegions } from '../../data/use-catalogue.ts'
import { useNetworks } from '../../data/use-sets.ts'
import { useVolumes } from '../../data/use-volumes.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { CreateVolume } from './create-volume.tsx'
import { VolumesTable } from './volumes-table.tsx'

/** The EBS volumes of a region, and everything that can be done with them. */
export function VolumesScreen(): ReactElement {
  const regions = useRegions()
  const recent = useNetworks().items?.[0]?.region
  const [chosen, setChosen] = useState<string | null>(null)
  const [news, setNews] = useState('')
  const region = chosen ?? recent ?? 'practice-1'
  const found = useVolumes(region)
  const words = text.volumes
  return (
    <Stack gap="lg">
      <PageHead title={words.title} />
      <Text size="sm" c="dimmed">
        {words.about}
      </Text>
      <Group align="flex-end" justify="space-between">
        <Select
          label={words.region}
          data={(regions.data ?? []).map((one) => ({ value: one.id, label: `${one.name} (${one.id})` }))}
          value={region}
          allowDeselect={false}
          searchable
          miw={280}
          onChange={setChosen}
        />
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={found.isFetching}
            onClick={() => {
              void found.refetch()
            }}
          >
            {words.refresh}
          </Button>
          <CreateVolume region={region} />
        </Group>
      </Group>
      <div aria-live="polite">{news !== '' && <Alert radius="lg">{news}</Alert>}</div>
      {found.error !== null && <ErrorPanel error={found.error} title={words.title} />}
      {found.isPending && <Skeleton height={120} radius="lg" aria-label={text.general.loading} />}
      {found.data?.length === 0 && <Paper>{words.none}</Paper>}
      {found.data !== undefined && found.data.length > 0 && (
        <VolumesTable region={region} volumes={found.data} onNews={setNews} />
      )}
    </Stack>
  )
}
