import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { CatalogueAge, InstanceType, SpotHistory } from '../../../contract/index.ts'
import { InstanceType as InstanceTypeSchema } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { ReadResource } from '../../core/ports/index.ts'
import { priceBook, priceOf, withPrices } from '../../core/prices.ts'
import type { Price, PriceBook, PriceList, PriceSnapshot, SpotNow } from '../../core/prices.ts'
import { spotNow, spotRanges } from '../../core/spot-range.ts'
import { limits } from '../limits.ts'
import type { ManagerPorts } from '../manager.ts'
import { KeptAnswers } from './kept-answers.ts'
import type { Kept } from './kept-answers.ts'
import type { OpenRegion, Regions } from './regions.ts'

const Figure = z.object({ price: z.number().positive(), source: z.string(), date: z.iso.date() })
const Snapshot = z.object({
  source: z.string(), date: z.iso.date(), region: z.string(), prices: z.record(z.string(), z.number().positive()),
  volumes: z.record(z.string(), Figure), publicIpv4: Figure
})
const List = z.object({
  date: z.iso.date(), instances: z.record(z.string(), z.number()), volumes: z.record(z.string(), z.number())
})
const Spot = z.record(z.string(), z.array(z.object({ zone: z.string(), perHour: z.number() })))

/** Everything that is known of what a region's instance types are and cost, with its ages. */
export interface PricedTypes {
  readonly types: readonly InstanceType[]
  readonly book: PriceBook
  readonly spotAt: string | null
  readonly age: CatalogueAge
}

type Ports = Pick<ManagerPorts, 'clock' | 'readResource' | 'catalogueStore' | 'version'>

/**
 * Instance types with their prices. Types and price lists are long and change seldom: they are kept on disk and shown
 * with their age. No price is no reason to show no types: each source that fails is named, and the rest shown.
 */
export class TypesWithPrices {
  readonly #readResource: ReadResource
  readonly #regions: Regions
  readonly #kept: KeptAnswers
  readonly #clock: Ports['clock']
  /** Failures are kept for a while too: who is not allowed to ask must not wait for the refusal at every plan. */
  readonly #failures = new Map<string, { readonly at: number; readonly problem: string }>()
  #snapshot: Promise<PriceSnapshot> | null = null

  constructor(ports: Ports, regions: Regions) {
    this.#readResource = ports.readResource
    this.#clock = ports.clock
    this.#regions = regions
    this.#kept = new KeptAnswers(ports)
  }

  async all(regionId: string, refresh = false): Promise<PricedTypes> {
    const region = await this.#regions.open(regionId)
    const [types, { book, list }, spot] = await Promise.all([
      this.#types(region, refresh), this.#book(region, refresh), this.#spot(region, refresh)
    ])
    return {
      types: withPrices(types.value, book, spot.value?.value ?? {}),
      book,
      spotAt: spot.value?.at ?? null,
      age: {
        types: { at: types.at, problem: types.problem },
        prices: {
          from: book.from, source: book.source, date: book.date, at: list.value?.at ?? null, problem: list.problem
        },
        spot: { at: spot.value?.at ?? null, problem: spot.problem }
      }
    }
  }

  async price(type: string, regionId: string): Promise<Price> {
    return priceOf(type, (await this.#book(await this.#regions.open(regionId), false)).book)
  }

  async spotHistory(regionId: string, type: string, days: number): Promise<SpotHistory> {
    const region = await this.#regions.open(regionId)
    const { types } = await this.all(regionId)
    const known = types.find(one => one.name === type)
    if (known === undefined) {
      throw new RmadaError('INSTANCE_TYPE_UNKNOWN', `${regionId} offers no instance type of this name: ${type.slice(0, 60)}`, {
        suggestion: 'Choose one of the types of the region.'
      })
    }
    const now = this.#clock.now()
    const since = new Date(now.getTime() - days * 24 * 3_600_000)
    const records = await region.cloud.spotPrices({ type, since })
    return {
      instanceType: type, days, zones: spotRanges(records, since), onDemandPerHour: known.pricePerHour,
      at: now.toISOString(),
      source: region.kind === 'practice'
        ? 'As if: a made-up history below the on-demand price of AWS; the practice cloud costs nothing'
        : 'EC2 DescribeSpotPriceHistory, Linux/UNIX'
    }
  }

  forget(regionId: string): void {
    this.#kept.forget(` ${regionId}`)
    for (const name of this.#failures.keys()) if (name.endsWith(` ${regionId}`)) this.#failures.delete(name)
  }

  #types(region: OpenRegion, refresh: boolean): Promise<Kept<InstanceType[]>> {
    return this.#kept.get({
      name: `types ${region.id}`, key: keyOf('types', region), schema: z.array(InstanceTypeSchema),
      youngMs: limits.typesMs, refresh, ask: async () => [...await region.cloud.instanceTypes()]
    })
  }

  async #book(region: OpenRegion, refresh: boolean): Promise<{ book: PriceBook; list: Attempt<PriceList> }> {
    const [snapshot, list] = await Promise.all([
      this.#readSnapshot(),
      this.#attempt(() => this.#kept.get<PriceList>({
        name: `prices ${region.id}`, key: keyOf('prices', region), schema: List, youngMs: limits.typesMs, refresh,
        ask: () => region.cloud.priceList()
      }), `prices ${region.id}`, refresh)
    ])
    // A list that was kept long ago may be older than the snapshot of an update of Rmada.
    const outdated = list.value !== null && region.kind === 'aws' && region.id === snapshot.region
      && list.value.value.date < snapshot.date
    return { book: priceBook(region, outdated ? null : list.value?.value ?? null, snapshot), list }
  }

  #spot(region: OpenRegion, refresh: boolean): Promise<Attempt<SpotNow>> {
    return this.#attempt(() => this.#kept.get<SpotNow>({
      name: `spot ${region.id}`, key: null, schema: Spot, youngMs: limits.spotMs, refresh,
      ask: async () => spotNow(await region.cloud.spotPrices())
    }), `spot ${region.id}`, refresh)
  }

  async #attempt<T>(get: () => Promise<Kept<T>>, name: string, refresh: boolean): Promise<Attempt<T>> {
    const now = this.#clock.now().getTime()
    const failure = this.#failures.get(name)
    if (!refresh && failure !== undefined && now - failure.at < limits.catalogueRetryMs) {
      return { value: null, problem: failure.problem }
    }
    try {
      const value = await get()
      this.#failures.delete(name)
      return { value, problem: value.problem }
    } catch (error) {
      const problem = error instanceof RmadaError ? error.message : 'The cloud could not be asked.'
      this.#failures.set(name, { at: now, problem })
      return { value: null, problem }
    }
  }

  #readSnapshot(): Promise<PriceSnapshot> {
    this.#snapshot ??= this.#readResource('resources/catalogue.json').then(text => Snapshot.parse(JSON.parse(text)))
    return this.#snapshot
  }
}

interface Attempt<T> {
  readonly value: Kept<T> | null
  readonly problem: string
}

/** Another endpoint is another cloud, whatever name its region has; one on this computer is asked each time. */
function keyOf(what: string, region: OpenRegion): string | null {
  if (region.kind !== 'custom') return `${what}-${region.id}`
  if (region.local || region.endpoint === null) return null
  return `${what}-${createHash('sha256').update(`${region.id} ${region.endpoint}`).digest('hex').slice(0, 16)}`
}
