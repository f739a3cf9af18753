import { Button, Group, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useCatalogueAge } from '../../data/use-catalogue.ts'
import { text } from '../../strings/index.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'

interface PriceAgeProps {
  readonly region: string
  readonly refreshing: boolean
  readonly onRefresh: () => void
}

/** Where types and prices come from and how old they are, with the button that asks anew. */
export function PriceAge({ region, refreshing, onRefresh }: PriceAgeProps): ReactElement {
  const age = useCatalogueAge(region).data
  const words = text.types
  return (
    <Group justify="space-between" align="flex-start" wrap="nowrap">
      <Text size="xs" c="dimmed" component="div">
        {age !== undefined && (
          <>
            <div>
              {words.typesAsOf} <RelativeTime iso={age.types.at} />
              {age.spot.at !== null && (
                <>
                  {' · '}
                  {words.spotAsOf} <RelativeTime iso={age.spot.at} />
                </>
              )}
            </div>
            <div>
              {age.prices.from === 'none' ? words.noPrices : age.prices.source}
              {age.prices.at !== null && (
                <>
                  {' · '}
                  {words.askedAt} <RelativeTime iso={age.prices.at} />
                </>
              )}
            </div>
            {age.prices.from !== 'price-list' && age.prices.problem !== '' && (
              <div>{words.listUnread(age.prices.problem)}</div>
            )}
            {age.types.problem !== '' && <div>{words.stale(age.types.problem)}</div>}
            {age.spot.at === null && (
              <div>
                {words.noSpot} {age.spot.problem}
              </div>
            )}
          </>
        )}
      </Text>
      <Button
        variant="default"
        size="compact-sm"
        loading={refreshing}
        leftSection={<IconRefresh size={14} aria-hidden />}
        style={{ flexShrink: 0 }}
        onClick={onRefresh}
      >
        {words.refresh}
      </Button>
    </Group>
  )
}
