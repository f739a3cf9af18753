import type { EstimateLine, EstimateTotal, InstanceType } from '../../contract/index.ts'
import type { PriceBook } from './prices.ts'

/** What an estimate is made of. Pure data: nothing is asked while it is made. */
export interface EstimateInput {
  readonly type: InstanceType
  readonly instances: number
  /** Which of the instances are rented on Spot. */
  readonly spot: 'none' | 'all' | 'slaves'
  /** Null: any; then the cheapest zone's Spot price stands. */
  readonly zone: string | null
  /** Root volume of each instance, in GiB; null when nobody says how large it is. */
  readonly rootGib: number | null
  readonly rootVolumeType: string
  /** The volume that is made with the network. */
  readonly volume?: { readonly sizeGib: number; readonly type: string } | null
  readonly book: PriceBook
  /** When the Spot prices were asked, ISO 8601. */
  readonly spotAt: string | null
}

/** AWS bills a volume by the second of a month; its own calculator counts a month as 730 hours. */
export const hoursPerMonth = 730

/** Prices are given to the hundredth of a cent, small hourly shares of a month to one digit more. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6

function line(
  item: string, quantity: number, unit: string, unitPrice: number | null, perUnitHour: number | null,
  source: string, date: string | null
): EstimateLine {
  return {
    item, quantity, unit, unitPrice, source, date,
    perHour: perUnitHour === null ? null : rounded(quantity * perUnitHour)
  }
}

function instanceLines({ type, instances, spot, zone, book, spotAt }: EstimateInput): EstimateLine[] {
  const onSpot = spot === 'all' ? instances : spot === 'slaves' ? Math.max(0, instances - 1) : 0
  const onDemand = instances - onSpot
  const offer = zone === null ? type.spotPrices[0] : type.spotPrices.find(one => one.zone === zone)
  const lines: EstimateLine[] = []
  if (onDemand > 0) {
    lines.push(line(`${type.name}, on demand`, onDemand, 'instance-hour', type.pricePerHour, type.pricePerHour,
      type.priceSource ?? 'The price is not known here.', type.priceDate))
  }
  if (onSpot > 0) {
    const practice = book.source.startsWith('As if')
    lines.push(line(`${type.name}, Spot`, onSpot, 'instance-hour', offer?.perHour ?? null, offer?.perHour ?? null,
      offer === undefined ? 'The Spot price is not known here.'
        : `${practice ? 'As if: ' : ''}Spot price now in ${offer.zone}; it changes, and EC2 may take the instances back`,
      offer === undefined ? null : spotAt?.slice(0, 10) ?? null))
  }
  return lines
}

/** A volume by the GiB: AWS prices a month of it. */
function gibLine(item: string, gib: number, kind: string, book: PriceBook): EstimateLine {
  const figure = Object.hasOwn(book.volumes, kind) ? book.volumes[kind] : undefined
  return line(item, gib, 'GiB-month', figure?.price ?? null,
    figure === undefined ? null : figure.price / hoursPerMonth,
    figure?.source ?? 'The price is not known here.', figure?.date ?? null)
}

function rootLine({ instances, rootGib, rootVolumeType, book }: EstimateInput): EstimateLine {
  if (rootGib !== null) {
    return gibLine(`GiB of root volumes (${instances} of ${rootGib} GiB, ${rootVolumeType})`, rootGib * instances,
      rootVolumeType, book)
  }
  return line(`root volumes, ${rootVolumeType}`, instances, 'volume', null, null,
    'The image does not say how large its root volume is.', null)
}

function sharedVolumeLines({ volume, book }: EstimateInput): EstimateLine[] {
  return volume ? [gibLine(`GiB of the new volume at /shared, ${volume.type}`, volume.sizeGib, volume.type, book)] : []
}

function addressLine({ instances, book }: EstimateInput): EstimateLine {
  const figure = book.publicIpv4
  return line('public IPv4 addresses', instances, 'address-hour', figure?.price ?? null, figure?.price ?? null,
    figure?.source ?? 'The price is not known here.', figure?.date ?? null)
}

/** What a network would cost, line by line: instances, root volumes, public addresses. Traffic is not foreseen. */
export function estimateLines(input: EstimateInput): EstimateLine[] {
  return [...instanceLines(input), rootLine(input), ...sharedVolumeLines(input), addressLine(input)]
}

/** Sum of what is known; when a line is not known the sum is a least, and null when none is. */
export function estimateTotal(lines: readonly EstimateLine[]): EstimateTotal {
  const known = lines.map(one => one.perHour).filter(price => price !== null)
  const complete = lines.length > 0 && known.length === lines.length
  if (known.length === 0) return { perHour: null, perDay: null, complete: false }
  const perHour = rounded(known.reduce((sum, price) => sum + price, 0))
  return { perHour, perDay: rounded(perHour * 24), complete }
}
