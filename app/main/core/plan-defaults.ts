import type { InstanceType, MachineImage } from '../../contract/index.ts'
import { whyUnfit } from './image-fit.ts'

/** Types a first network is well served by, best first: two physical threads, enough memory for R, known everywhere. */
const preferredTypes = ['c7i.large', 'c6i.large', 'c5.large', 'm7i.large', 'm5.large', 't3.medium']

/** The type for a user who named none: a preferred one on offer, else the cheapest, that some image fits. */
export function defaultType(
  types: readonly InstanceType[], images: readonly MachineImage[],
  wish: { image: MachineImage | null; zone: string | null }
): InstanceType | null {
  const candidates = types.filter(type =>
    (wish.image === null ? images.some(image => fits(image, type)) : fits(wish.image, type)) &&
    (wish.zone === null || offeredIn(type, wish.zone)))
  const preferred = preferredTypes
    .map(name => candidates.find(type => type.name === name))
    .find(type => type !== undefined)
  if (preferred) return preferred
  const current = candidates.filter(type => type.currentGeneration && type.gpus === 0)
  return (current.length > 0 ? current : candidates).toSorted(byPriceThenSize)[0] ?? null
}

/**
 * The newest image that the type can boot; any newest when there is no type yet. The user's own images are taken when
 * there is no other: which of them is meant, only the user knows.
 */
export function newestImage(images: readonly MachineImage[], type: InstanceType | null): MachineImage | null {
  const fitting = images
    .filter(image => type === null || fits(image, type))
    .toSorted((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '') || a.id.localeCompare(b.id))
  return fitting.find(image => image.own !== true) ?? fitting[0] ?? null
}

/** Whether the type can boot the image. */
function fits(image: MachineImage, type: InstanceType): boolean {
  return whyUnfit(image, type) === null
}

/** Whether a zone offers the type; a cloud that does not say is taken to offer it everywhere. */
export function offeredIn(type: InstanceType, zone: string): boolean {
  return type.zones.length === 0 || type.zones.includes(zone)
}

function byPriceThenSize(a: InstanceType, b: InstanceType): number {
  // A type without a price comes after all that have one.
  const price = (type: InstanceType) => type.pricePerHour ?? Number.MAX_VALUE
  return price(a) - price(b) || a.vcpus - b.vcpus || a.name.localeCompare(b.name)
}
