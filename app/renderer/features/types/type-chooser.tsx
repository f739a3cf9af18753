import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useChosenTypes, useRefreshTypes } from '../../data/use-catalogue.ts'
import { counted } from '../../format/count.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PriceAge } from './price-age.tsx'
import { SpotRangeTable } from './spot-range.tsx'
import { TypeFilters } from './type-filters.tsx'
import { TypeTable } from './type-table.tsx'
import { noWish, queryOf, sortedBy } from './type-wish.ts'

const pauseInTyping = 150

interface TypeChooserProps {
  readonly region: string
  /** When one is chosen already, only what it offers is shown. */
  readonly zone: string | null
  readonly value: string | null
  readonly onUse: (type: string) => void
  readonly onClose: () => void
}

/** All instance types of a region in a table, to be narrowed down, ordered and compared. */
export function TypeChooser({ region, zone, value, onUse, onClose }: TypeChooserProps): ReactElement {
  const words = text.types
  const [wish, setWish] = useState(noWish)
  const [chosen, setChosen] = useState(value)
  const [asked] = useDebouncedValue(wish, pauseInTyping)
  const types = useChosenTypes(queryOf(asked, region, zone))
  const refresh = useRefreshTypes(region)
  const found = types.data ?? []
  return (
    <Modal
      opened
      size={1080}
      onClose={onClose}
      title={words.title}
      closeButtonProps={{ 'aria-label': text.general.close }}
    >
      <Stack gap="sm">
        <TypeFilters wish={wish} onChange={setWish} />
        {types.isError && (
          <ErrorPanel
            error={types.error}
            title={words.title}
            onRetry={() => {
              void types.refetch()
            }}
          />
        )}
        <Text size="xs" c="dimmed" aria-live="polite">
          {types.data === undefined ? '' : found.length === 0 ? words.none : counted(found.length, 'type')}
        </Text>
        <TypeTable
          types={found}
          wish={wish}
          chosen={chosen}
          onChoose={setChosen}
          onSort={(sort) => {
            setWish(sortedBy(wish, sort))
          }}
        />
        <PriceAge
          region={region}
          refreshing={refresh.isPending}
          onRefresh={() => {
            refresh.mutate()
          }}
        />
        {refresh.isError && <ErrorPanel error={refresh.error} title={words.refresh} />}
        <Group justify="space-between" align="flex-end">
          {chosen === null ? (
            <Text size="sm" c="dimmed">
              {words.noChoice}
            </Text>
          ) : (
            <SpotRangeTable region={region} type={chosen} />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.cancel}
            </Button>
            <Button
              disabled={chosen === null}
              onClick={() => {
                if (chosen !== null) onUse(chosen)
              }}
            >
              {chosen === null ? words.takeNone : words.take(chosen)}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}
