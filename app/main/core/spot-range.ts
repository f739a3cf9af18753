import type { SpotRange } from '../../contract/index.ts'
import type { SpotPriceRecord } from './ports/index.ts'

/**
 * The price of a type now in each zone, and its range since a moment. Each record says from when a price held, so the
 * last one before that moment counts too: it was in force then.
 */
export function spotRanges(records: readonly SpotPriceRecord[], since: Date): SpotRange[] {
  const zones = new Map<string, SpotPriceRecord[]>()
  for (const record of records) zones.set(record.zone, [...(zones.get(record.zone) ?? []), record])
  return [...zones]
    .flatMap(([zone, unordered]) => {
      const ordered = unordered.toSorted((a, b) => a.at.localeCompare(b.at))
      const before = ordered.findLastIndex(record => Date.parse(record.at) <= since.getTime())
      const held = ordered.slice(Math.max(0, before))
      const last = held.at(-1)
      if (last === undefined) return []
      const prices = held.map(record => record.perHour)
      return [{
        zone, now: last.perHour, since: last.at, lowest: Math.min(...prices), highest: Math.max(...prices),
        changes: held.slice(1).filter((record, index) => record.perHour !== held[index]?.perHour).length
      }]
    })
    .toSorted((a, b) => a.now - b.now || a.zone.localeCompare(b.zone))
}

/** The latest price of each type and zone. */
export function spotNow(
  records: readonly SpotPriceRecord[]
): Readonly<Record<string, readonly { zone: string; perHour: number }[]>> {
  const latest = new Map<string, SpotPriceRecord>()
  for (const record of records) {
    const key = `${record.type} ${record.zone}`
    const other = latest.get(key)
    if (other === undefined || other.at < record.at) latest.set(key, record)
  }
  const byType: Record<string, { zone: string; perHour: number }[]> = {}
  for (const { type, zone, perHour } of latest.values()) (byType[type] ??= []).push({ zone, perHour })
  return byType
}
