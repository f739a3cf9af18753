import { createHash } from 'node:crypto'
import snapshot from '../../../resources/catalogue.json' with { type: 'json' }
import { catalogueTypes, type CatalogueType } from './catalogue.ts'

/**
 * What the practice cloud would cost: the on-demand prices of AWS in one region on one day, and Spot prices that move
 * below them as real ones do, but the same at every run: a pure function of type, zone and time.
 */

const onDemand: Readonly<Record<string, number>> = snapshot.prices

/** Day of the on-demand prices, YYYY-MM-DD. */
export const priceDay = snapshot.date

/** Price of a GB of gp3 for a month. */
export const gp3PerMonth = snapshot.volumes.gp3.price

/** USD an hour; null for types whose price nobody told. */
export const onDemandPrice = (type: string): number | null =>
  Object.hasOwn(onDemand, type) ? (onDemand[type] ?? null) : null

/** A Spot price and from when on it holds, in ms. */
export interface SpotPrice {
  readonly type: CatalogueType
  readonly zone: string
  readonly price: number
  readonly since: number
}

const hour = 3_600_000
/** At most one change in this time; real prices move a few times a day at most. */
const step = 4 * hour

/** A number from 0 to 1 that the key alone decides. */
const chance = (key: string) => createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32

/** The share of the on-demand price that Spot costs in a step: a level of the type and zone, and waves over days. */
function share(place: string, index: number): number {
  const level = 0.28 + 0.17 * chance(place)
  const wave = 0.05 * Math.sin(index / 9 + 6.28 * chance(`${place} wave`))
  const noise = 0.06 * (chance(`${place} ${index}`) - 0.5)
  return Math.min(0.9, Math.max(0.1, level + wave + noise))
}

const changes = (place: string, index: number) => chance(`${place} changes ${index}`) < 0.4

/** The price that holds at a moment; null where Spot is not sold. */
export function spotPriceAt(type: CatalogueType, zone: string, time: number): SpotPrice | null {
  const full = onDemandPrice(type.name)
  if (full === null || !type.spot || !type.zones.includes(zone)) return null
  const place = `${type.name} ${zone}`
  // Each place changes at minutes of its own.
  const offset = Math.floor((chance(`${place} offset`) * step) / 60_000) * 60_000
  let index = Math.floor((time - offset) / step)
  while (!changes(place, index)) index -= 1
  return { type, zone, price: Math.round(full * share(place, index) * 1e4) / 1e4, since: index * step + offset }
}

/** The prices of every type and zone from a moment to another: that which held at the first, then each change. */
export function spotHistory(from: number, to: number): SpotPrice[] {
  return catalogueTypes.flatMap((type) =>
    type.zones.flatMap((zone) => {
      const prices: SpotPrice[] = []
      for (let time = to; ;) {
        const price = spotPriceAt(type, zone, time)
        if (price === null) return prices
        prices.push(price)
        if (price.since <= from) return prices
        time = price.since - 1
      }
    })
  )
}
