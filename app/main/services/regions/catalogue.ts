import { z } from 'zod'
import type { InstanceType, MachineImage, Zone } from '../../../contract/index.ts'
import type { Clock, ReadResource } from '../../core/ports/index.ts'
import type { PlanKnowledge } from '../../core/plan.ts'
import { priceOf, withPrices } from '../../core/prices.ts'
import type { Price, PriceSnapshot } from '../../core/prices.ts'
import { limits } from '../limits.ts'
import type { OpenRegion, Regions } from './regions.ts'

const Snapshot = z.object({
  source: z.string(), date: z.iso.date(), region: z.string(), prices: z.record(z.string(), z.number().positive())
})

/** What regions offer, with prices. Lists are kept for a while: they are long and change seldom. */
export class Catalogue {
  readonly #ports: { readonly clock: Clock; readonly readResource: ReadResource }
  readonly #regions: Regions
  readonly #kept = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()
  #snapshot: Promise<PriceSnapshot> | null = null

  constructor(ports: { clock: Clock; readResource: ReadResource }, regions: Regions) {
    this.#ports = ports
    this.#regions = regions
  }

  async types(regionId: string): Promise<readonly InstanceType[]> {
    return this.#keep(`types ${regionId}`, async () => {
      const region = await this.#regions.open(regionId)
      return withPrices(await region.cloud.instanceTypes(), region, await this.#prices())
    })
  }

  async images(regionId: string): Promise<readonly MachineImage[]> {
    return this.#keep(`images ${regionId}`, async () => (await this.#regions.open(regionId)).cloud.images())
  }

  async zones(regionId: string): Promise<readonly Zone[]> {
    return this.#keep(`zones ${regionId}`, async () => (await this.#regions.open(regionId)).cloud.zones())
  }

  async price(type: string, region: Pick<OpenRegion, 'id' | 'kind'>): Promise<Price> {
    return priceOf(type, region, await this.#prices())
  }

  /** Everything that a plan looks at. An image that the user named may be one that the list does not show. */
  async knowledge(regionId: string, image: string | undefined, namesInUse: readonly string[]): Promise<PlanKnowledge> {
    const [types, images, zones] = await Promise.all([
      this.types(regionId), this.images(regionId), this.zones(regionId)
    ])
    const listed = image === undefined || images.some(one => one.id === image)
    const named = listed ? null : await (await this.#regions.open(regionId)).cloud.image(image)
    return { region: regionId, types, images: named === null ? images : [...images, named], zones, namesInUse }
  }

  /** Forgets what a region said, when it is reached in another way from now on. */
  forget(regionId: string): void {
    for (const key of this.#kept.keys()) if (key.endsWith(` ${regionId}`)) this.#kept.delete(key)
  }

  async #prices(): Promise<PriceSnapshot> {
    this.#snapshot ??= this.#ports.readResource('resources/catalogue.json')
      .then(text => Snapshot.parse(JSON.parse(text)))
    return this.#snapshot
  }

  #keep<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.#ports.clock.now().getTime()
    const kept = this.#kept.get(key)
    // The key names the question, so the answer under it has the type of this question.
    if (kept && now - kept.at < limits.catalogueMs) return kept.answer as Promise<T>
    const answer = ask()
    this.#kept.set(key, { at: now, answer })
    answer.catch(() => this.#kept.delete(key))
    return answer
  }
}
