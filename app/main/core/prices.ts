import type { InstanceType, Rented } from '../../contract/index.ts'

/** A dated snapshot of on-demand prices of one region (resources/catalogue.json). */
export interface PriceSnapshot {
  readonly source: string
  readonly date: string
  readonly region: string
  readonly prices: Readonly<Record<string, number>>
}

/** Price of a type with where it comes from; null when nobody told us. */
export interface Price {
  readonly perHour: number | null
  readonly source: string | null
}

/**
 * The price of a type in a region. The snapshot holds one region, and no figure is carried over to another, save the
 * practice cloud, which costs nothing and shows them as if it did.
 */
export function priceOf(
  type: string, region: { id: string; kind: 'aws' | 'practice' | 'custom' }, snapshot: PriceSnapshot
): Price {
  const perHour = snapshot.prices[type]
  if (perHour === undefined) return { perHour: null, source: null }
  const origin = `on-demand Linux price of AWS ${snapshot.region}, snapshot of ${snapshot.date}`
  if (region.kind === 'practice') return { perHour, source: `As if: ${origin}; the practice cloud costs nothing` }
  if (region.kind === 'aws' && region.id === snapshot.region) return { perHour, source: origin }
  return { perHour: null, source: null }
}

/** The catalogue's types with their prices. */
export function withPrices(
  types: readonly InstanceType[], region: { id: string; kind: 'aws' | 'practice' | 'custom' }, snapshot: PriceSnapshot
): readonly InstanceType[] {
  return types.map(type => {
    const price = priceOf(type.name, region, snapshot)
    return { ...type, pricePerHour: price.perHour, priceSource: price.source }
  })
}

/** Sum of prices; null as soon as one of them is not known. Rounded to the hundredth of a cent, as prices are given. */
export function sumPrices(prices: readonly (number | null)[]): number | null {
  let sum = 0
  for (const price of prices) {
    if (price === null) return null
    sum += price
  }
  return Math.round(sum * 1e5) / 1e5
}

/** What is rented, as one sentence that ends with its cost. Empty when nothing is. */
export function rentedSentence(rented: readonly Rented[]): string {
  if (rented.length === 0) return ''
  const counts = new Map<string, number>()
  for (const { kind } of rented) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const list = [...counts].map(([kind, n]) => `${n} ${kind.replace('-', ' ')}${n > 1 ? 's' : ''}`).join(', ')
  const cost = sumPrices(rented.map(item => item.pricePerHour))
  return cost === null
    ? `Still rented: ${list}; the price is not known.`
    : `Still rented: ${list}; ${cost} USD an hour.`
}
