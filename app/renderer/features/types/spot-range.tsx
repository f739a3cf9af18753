import { Loader, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { useSpotHistory } from '../../data/use-catalogue.ts'
import { hourly } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import classes from './types.module.css'

/** The Spot price of one type in each zone, now and as it was. */
export function SpotRangeTable({ region, type }: { region: string; type: string }): ReactElement {
  const history = useSpotHistory(region, type)
  const words = text.types
  if (history.isError)
    return (
      <ErrorPanel
        error={history.error}
        title={words.noSpot}
        onRetry={() => {
          void history.refetch()
        }}
      />
    )
  if (history.data === undefined) return <Loader size="xs" aria-label={words.columns.spot} />
  const { zones, days, source } = history.data
  if (zones.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {words.spotNotSold}
      </Text>
    )
  return (
    <div>
      <table className={classes.zones} aria-label={words.spotRange(days)}>
        <thead>
          <tr>
            {[words.zone, words.now, words.rangeColumn(days), words.changesColumn].map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {zones.map((zone) => (
            <tr key={zone.zone}>
              <th scope="row">{zone.zone}</th>
              <td>{hourly(zone.now)}</td>
              <td>{words.range(hourly(zone.lowest), hourly(zone.highest))}</td>
              <td>{zone.changes}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" mt={4}>
        {source}
      </Text>
    </div>
  )
}
