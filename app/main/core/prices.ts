import type { InstanceType, Rented } from '../../contract/index.ts'

/** A figure with where it was published and on which day. USD. */
export interface DatedFigure {
  readonly price: number
  readonly source: string
  readonly date: string
}

/** A dated snapshot of on-demand prices of one region (resources/catalogue.json). */
export interface PriceSnapshot {
  readonly source: string
  readonly date: string
  readonly region: string
  readonly prices: Readonly<Record<string, number>>
  /** Of that region, a GB and month, by kind of volume. */
  readonly volumes: Readonly<Record<string, DatedFigure>>
  /** The same in every region of AWS, an hour for each public address. */
  readonly publicIpv4: DatedFigure
}

/** What the price list of a region said. USD. */
export interface PriceList {
  /** Day of publication, YYYY-MM-DD. */
  readonly date: string
  /** Linux on demand, an hour, by type. */
  readonly instances: Readonly<Record<string, number>>
  /** A GB and month, by kind of volume. */
  readonly volumes: Readonly<Record<string, number>>
}

/** Every price that is known of a region, with its source. */
export interface PriceBook {
  readonly from: 'price-list' | 'snapshot' | 'none'
  readonly source: string
  readonly date: string | null
  readonly instances: Readonly<Record<string, number>>
  readonly volumes: Readonly<Record<string, DatedFigure>>
  readonly publicIpv4: DatedFigure | null
}

/** Price of a type with where it comes from; null when nobody told us. */
export interface Price {
  readonly perHour: number | null
  readonly source: string | null
}

interface PricedRegion { readonly id: string; readonly kind: 'aws' | 'practice' | 'custom' }

const asIf = (what: string): string => `As if: ${what}; the practice cloud costs nothing`

/**
 * The prices of a region: of its own price list, else of the snapshot. The snapshot holds one region, and no figure is
 * carried over to another, save the practice cloud, which costs nothing and shows them as if it did.
 */
export function priceBook(region: PricedRegion, list: PriceList | null, snapshot: PriceSnapshot): PriceBook {
  const practice = region.kind === 'practice'
  const told = (source: string): string => practice ? asIf(source) : source
  const publicIpv4 = region.kind === 'custom' ? null
    : { ...snapshot.publicIpv4, source: told(snapshot.publicIpv4.source) }
  const here = practice || (region.kind === 'aws' && region.id === snapshot.region)
  const volumes = Object.fromEntries(here
    ? Object.entries(snapshot.volumes).map(([kind, figure]) => [kind, { ...figure, source: told(figure.source) }])
    : [])
  if (list !== null) {
    const source = told(`on-demand Linux price of ${practice ? `AWS ${snapshot.region}` : region.id}, `
      + `price list of ${list.date}`)
    const listed = Object.entries(list.volumes).map(([kind, price]) =>
      [kind, { price, date: list.date, source: told(`price list of ${list.date}`) }])
    return {
      from: 'price-list', source, date: list.date, instances: list.instances,
      // The practice cloud's list repeats the snapshot, which has the days of its figures.
      volumes: practice ? volumes : { ...volumes, ...Object.fromEntries(listed) }, publicIpv4
    }
  }
  if (!here) return { from: 'none', source: '', date: null, instances: {}, volumes: {}, publicIpv4 }
  return {
    from: 'snapshot', date: snapshot.date, instances: snapshot.prices, volumes, publicIpv4,
    source: told(`on-demand Linux price of AWS ${snapshot.region}, snapshot of ${snapshot.date}`)
  }
}

/** The price of a type in the region that the book is of. */
export function priceOf(type: string, book: PriceBook): Price {
  const perHour = Object.hasOwn(book.instances, type) ? book.instances[type] : undefined
  return perHour === undefined ? { perHour: null, source: null } : { perHour, source: book.source }
}

/** Spot prices now, of every type and zone that is sold. */
export type SpotNow = Readonly<Record<string, readonly { readonly zone: string; readonly perHour: number }[]>>

/** The catalogue's types with their prices. */
export function withPrices(types: readonly InstanceType[], book: PriceBook, spot: SpotNow): readonly InstanceType[] {
  return types.map(type => {
    const price = priceOf(type.name, book)
    const spotPrices = (Object.hasOwn(spot, type.name) ? spot[type.name] ?? [] : [])
      .toSorted((a, b) => a.perHour - b.perHour || a.zone.localeCompare(b.zone))
    return {
      ...type, pricePerHour: price.perHour, priceSource: price.source,
      priceDate: price.perHour === null ? null : book.date,
      spotPrices, spotPricePerHour: spotPrices[0]?.perHour ?? null
    }
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
