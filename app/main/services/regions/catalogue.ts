import type { CatalogueAge, InstanceType, SpotHistory, TypeQuery, MachineImage, Zone } from '../../../contract/index.ts'
import { chooseTypes } from '../../core/choose-types.ts'
import type { PlanKnowledge } from '../../core/plan.ts'
import { RmadaError } from '../../core/error.ts'
import { whyUnfit } from '../../core/image-fit.ts'
import type { DatedFigure, Price } from '../../core/prices.ts'
import { limits } from '../limits.ts'
import type { ManagerPorts } from '../manager.ts'
import { TypesWithPrices } from './priced-types.ts'
import type { OpenRegion, Regions } from './regions.ts'

type CataloguePorts = Pick<ManagerPorts, 'clock' | 'readResource' | 'catalogueStore' | 'version'>
const usualDays = 7

/** What regions offer, with prices. Lists are kept for a while: they are long and change seldom. */
export class Catalogue {
  readonly #ports: CataloguePorts
  readonly #regions: Regions
  readonly #kept = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()
  readonly #priced: TypesWithPrices

  constructor(ports: CataloguePorts, regions: Regions) {
    this.#ports = ports
    this.#regions = regions
    this.#priced = new TypesWithPrices(ports, regions)
  }

  async types(regionId: string): Promise<readonly InstanceType[]> {
    return (await this.#priced.all(regionId)).types
  }

  /** The types that fit, in the order asked for. */
  async chosenTypes(query: TypeQuery): Promise<InstanceType[]> {
    return chooseTypes((await this.#priced.all(query.region, query.refresh)).types, query)
  }

  /** From when types and prices are, and where the prices come from. */
  async age(regionId: string): Promise<CatalogueAge> {
    return (await this.#priced.all(regionId)).age
  }

  async spotHistory(regionId: string, type: string, days = usualDays): Promise<SpotHistory> {
    return this.#priced.spotHistory(regionId, type, days)
  }

  async images(regionId: string): Promise<readonly MachineImage[]> {
    return this.#keep(`images ${regionId}`, async () => (await this.#regions.open(regionId)).cloud.images())
  }

  async zones(regionId: string): Promise<readonly Zone[]> {
    return this.#keep(`zones ${regionId}`, async () => (await this.#regions.open(regionId)).cloud.zones())
  }

  async price(type: string, region: Pick<OpenRegion, 'id'>): Promise<Price> {
    return this.#priced.price(type, region.id)
  }

  /** What a GB and month costs of this kind of storage in a region; null where it is not known. */
  async storagePrice(regionId: string, kind: string): Promise<DatedFigure | null> {
    const { book } = await this.#priced.all(regionId)
    return Object.hasOwn(book.volumes, kind) ? book.volumes[kind] ?? null : null
  }

  /** The images of a region, with what speaks against each on a type, and one more that was named by its id. */
  async imagesFor(
    { region, instanceType, image }: { region: string; instanceType?: string | undefined; image?: string | undefined }
  ): Promise<MachineImage[]> {
    const listed = await this.images(region)
    const named = image === undefined || listed.some(one => one.id === image) ? null
      : await (await this.#regions.open(region)).cloud.image(image)
    const images = named === null ? listed : [...listed, named]
    if (instanceType === undefined) return [...images]
    const type = (await this.types(region)).find(one => one.name === instanceType)
    if (type === undefined) {
      throw new RmadaError('INSTANCE_TYPE_UNKNOWN', `${region} offers no such instance type: ${instanceType.slice(0, 60)}`, {
        suggestion: 'Choose one from the list of instance types of the region.'
      })
    }
    return images.map(one => ({ ...one, unfit: whyUnfit(one, type) }))
  }

  /** A GiB and month of a kind of volume, with where the figure comes from. */
  async volumePrice(regionId: string, kind: string): Promise<{ perGibMonth: number | null; source: string | null }> {
    const { book } = await this.#priced.all(regionId)
    const figure = Object.hasOwn(book.volumes, kind) ? book.volumes[kind] : undefined
    return { perGibMonth: figure?.price ?? null, source: figure ? `${figure.source}, ${figure.date}` : null }
  }

  /** Everything that a plan looks at. An image that the user named may be one that the list does not show. */
  async knowledge(regionId: string, image: string | undefined, namesInUse: readonly string[]): Promise<PlanKnowledge> {
    const [{ types, book, spotAt }, images, zones] = await Promise.all([
      this.#priced.all(regionId), this.images(regionId), this.zones(regionId)
    ])
    const listed = image === undefined || images.some(one => one.id === image)
    const named = listed ? null : await (await this.#regions.open(regionId)).cloud.image(image)
    return {
      region: regionId, types, images: named === null ? images : [...images, named], zones, namesInUse, book, spotAt
    }
  }

  /** Images were made or removed. */
  forgetImages(regionId: string): void {
    this.#kept.delete(`images ${regionId}`)
  }

  /** Forgets what a region said, when it is reached in another way from now on. */
  forget(regionId: string): void {
    for (const key of this.#kept.keys()) if (key.endsWith(` ${regionId}`)) this.#kept.delete(key)
    this.#priced.forget(regionId)
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
