import { Paper, Select, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useOwnImages, useRegions } from '../../data/use-catalogue.ts'
import { useNetworks } from '../../data/use-sets.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { ImagesTable } from './images-table.tsx'

/** The account's own images in a region: what they carry, and the way to be rid of them. */
export function ImagesScreen(): ReactElement {
  const regions = useRegions()
  const recent = useNetworks().items?.[0]?.region
  const [chosen, setChosen] = useState<string | null>(null)
  const region = chosen ?? recent ?? 'practice-1'
  const images = useOwnImages(region)
  const words = text.images
  return (
    <Stack gap="lg">
      <div>
        <PageHead title={words.title} />
        <Text c="dimmed" size="sm">
          {words.what}
        </Text>
      </div>
      <Select
        label={words.region}
        data={(regions.data ?? []).map((one) => ({ value: one.id, label: `${one.name} (${one.id})` }))}
        value={region}
        allowDeselect={false}
        searchable
        maw={420}
        onChange={setChosen}
      />
      {images.isError && (
        <ErrorPanel
          error={images.error}
          title={words.title}
          onRetry={() => {
            void images.refetch()
          }}
        />
      )}
      {images.isPending && <Skeleton height={120} radius="lg" aria-label={text.general.loading} />}
      {images.isSuccess && images.data.length === 0 && (
        <Paper>
          <Title order={2}>{words.none}</Title>
          <Text size="sm" mt="xs">
            {words.noneDetail}
          </Text>
        </Paper>
      )}
      {images.isSuccess && images.data.length > 0 && <ImagesTable region={region} images={images.data} />}
    </Stack>
  )
}
