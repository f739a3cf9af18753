import type { DeregisteredImage, DeregisterImage, OwnImage } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import { contentsOf, imageTag } from '../../core/image-tags.ts'
import type { ImageRecord } from '../../core/ports/index.ts'
import type { DatedFigure } from '../../core/prices.ts'
import { networkTag } from '../../core/resource-names.ts'
import type { Catalogue } from '../regions/catalogue.ts'
import type { Regions } from '../regions/regions.ts'

/** The account's own images: those that Rmada made can be removed from here, the others are only shown. */
export class OwnImages {
  readonly #regions: Regions
  readonly #catalogue: Catalogue

  constructor(regions: Regions, catalogue: Catalogue) {
    this.#regions = regions
    this.#catalogue = catalogue
  }

  /** Those that Rmada made first, each kind newest first. */
  async list(regionId: string): Promise<OwnImage[]> {
    const region = await this.#regions.open(regionId)
    const [records, snapshots, price] = await Promise.all([
      region.cloud.ownImages(), region.cloud.imageSnapshots({ [imageTag]: '*' }), this.#catalogue.storagePrice(regionId, 'snapshot')
    ])
    const made = new Set(snapshots.map(one => one.id))
    return records.map(record => view(record, made, price)).toSorted((a, b) =>
      Number(b.ours) - Number(a.ours) || (b.createdAt ?? '').localeCompare(a.createdAt ?? '') || a.id.localeCompare(b.id))
  }

  /** Only what carries our tag goes: the image, and those of its snapshots that were made with it. */
  async deregister({ region, id, confirm }: DeregisterImage): Promise<DeregisteredImage> {
    const { cloud } = await this.#regions.open(region)
    const found = (await this.list(region)).find(image => image.id === id)
    if (!found) {
      throw new RmadaError('IMAGE_UNKNOWN', `The account has no image of this id in ${region}: ${id}`, {
        suggestion: 'List the images of the region.'
      })
    }
    if (!found.ours) {
      throw new RmadaError('IMAGE_NOT_OURS', `Rmada did not make the image ${found.name} (${id}), so it leaves it alone.`, {
        suggestion: 'Deregister it where it was made, or in the AWS console.'
      })
    }
    if (confirm !== found.name && confirm !== found.id) {
      throw new RmadaError('CONFIRMATION_MISSING', `Deregistering ${found.name} (${id}) was not confirmed.`, {
        suggestion: 'Say the name of the image once more to confirm it.', details: { field: 'confirm' }
      })
    }
    await cloud.deregisterImage(id)
    this.#catalogue.forgetImages(region)
    const deletedSnapshots: string[] = []
    const keptSnapshots = found.snapshots.filter(one => !one.ours).map(one => one.id)
    for (const snapshot of found.snapshots.filter(one => one.ours)) {
      if (await cloud.deleteImageSnapshot(snapshot.id)) deletedSnapshots.push(snapshot.id)
      else keptSnapshots.push(snapshot.id)
    }
    return { id, deletedSnapshots, keptSnapshots }
  }
}

function view(
  { image, state, reason, tags, snapshots }: ImageRecord, made: ReadonlySet<string>, price: DatedFigure | null
): OwnImage {
  const size = snapshots.reduce((sum, one) => sum + one.sizeGib, 0)
  const ours = tags[imageTag] !== undefined
  return {
    ...image, carries: contentsOf(tags), state, reason, ours, network: ours ? tags[networkTag] ?? null : null,
    snapshots: snapshots.map(one => ({ ...one, ours: made.has(one.id) })),
    // To the hundredth of a cent, as prices are given.
    pricePerMonth: price === null ? null : Math.round(size * price.price * 1e4) / 1e4,
    priceSource: price === null ? null : `${price.source} (${price.date})`
  }
}
