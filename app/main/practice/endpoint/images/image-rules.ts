import { catalogueImages, type CatalogueImage } from '../../catalogue.ts'
import { notFound } from '../protocol/error.ts'
import { checkIdForm } from '../protocol/ids.ts'
import type { OwnImage, State } from '../state.ts'

/** An image as clients see it: one of the catalogue, or one that was made here. */
export interface KnownImage extends CatalogueImage {
  readonly state: 'available' | 'pending' | 'failed'
  readonly reason: string
  readonly encrypted: boolean
  readonly sourceInstanceId: string | null
}

function stateOf(image: OwnImage): KnownImage['state'] {
  if (image.state === 'failed') return 'failed'
  return image.state === 'captured' && Date.now() >= image.availableAt ? 'available' : 'pending'
}

/** All images that are registered: the catalogue's first. */
export function knownImages(state: State): KnownImage[] {
  const published = catalogueImages.map((image) =>
    ({ ...image, state: 'available' as const, reason: '', encrypted: false, sourceInstanceId: null }))
  const own = state.images.filter((image) => image.state !== 'deregistered')
    .map((image) => ({ ...image, state: stateOf(image) }))
  return [...published, ...own]
}

/** Of these ids, or the refusal that EC2 has for what is no id or no image. */
export function checkImages(ids: readonly string[], state: State): void {
  checkIdForm(ids, 'ami', 'InvalidAMIID.Malformed')
  const known = new Set(knownImages(state).map((image) => image.id))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0) throw notFound('InvalidAMIID.NotFound', 'image id', unknown.map((id) => `[${id}]`))
}

/** The image that an instance was launched from, also when it was deregistered meanwhile. */
export const imageOfInstance = (state: State, id: string): CatalogueImage | undefined =>
  catalogueImages.find((image) => image.id === id) ?? state.images.find((image) => image.id === id)
