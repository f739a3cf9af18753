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

/** What makes one number of a place differ from another: how dear it is, when it changes, by how much. */
const salts = { level: 1, phase: 2, noise: 3, changes: 4, offset: 5 } as const

/** A number that the text alone decides (FNV-1a). */
function seedOf(text: string): number {
  let seed = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) seed = Math.imul(seed ^ text.charCodeAt(at), 0x01000193)
  return seed >>> 0
}

/** A number from 0 to 1 that seed, salt and index alone decide: the same at every run, and no neighbour like another. */
function chance(seed: number, salt: number, index = 0): number {
  let mixed = seed ^ Math.imul(salt, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}

/** The share of the on-demand price that Spot costs in a step: a level of the type and zone, and waves over days. */
function share(seed: number, index: number): number {
  const level = 0.28 + 0.17 * chance(seed, salts.level)
  const wave = 0.05 * Math.sin(index / 9 + 6.28 * chance(seed, salts.phase))
  const noise = 0.06 * (chance(seed, salts.noise, index) - 0.5)
  return Math.min(0.9, Math.max(0.1, level + wave + noise))
}

const changes = (seed: number, index: number) => chance(seed, salts.changes, index) < 0.4

/** The price that holds at a moment; null where Spot is not sold. */
export function spotPriceAt(type: CatalogueType, zone: string, time: number): SpotPrice | null {
  const full = onDemandPrice(type.name)
  if (full === null || !type.spot || !type.zones.includes(zone)) return null
  const seed = seedOf(`${type.name} ${zone}`)
  // Each place changes at minutes of its own.
  const offset = Math.floor((chance(seed, salts.offset) * step) / 60_000) * 60_000
  let index = Math.floor((time - offset) / step)
  while (!changes(seed, index)) index -= 1
  return { type, zone, price: Math.round(full * share(seed, index) * 1e4) / 1e4, since: index * step + offset }
}

/** The prices of these places from a moment to another: that which held at the first, and each change after it. */
export function spotHistory(
  from: number,
  to: number,
  wanted: (type: CatalogueType, zone: string) => boolean
): SpotPrice[] {
  return catalogueTypes.flatMap((type) =>
    type.zones.flatMap((zone) => {
      if (!wanted(type, zone)) return []
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
