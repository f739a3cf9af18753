import { catalogueType, catalogueTypes, practiceZones, type CatalogueType } from '../../catalogue.ts'
import { spotHistory, type SpotPrice } from '../../prices.ts'
import type { Actions } from '../action.ts'
import { Ec2Error, invalidValue } from '../protocol/error.ts'
import { readFilters, select, type FilterFields } from '../protocol/filters.ts'
import { page } from '../protocol/pages.ts'
import type { Parameters } from '../protocol/parameters.ts'

const product = 'Linux/UNIX'
/** As far back as EC2 tells. */
const longest = 90 * 24 * 3_600_000

const whole = (time: number) => `${new Date(time).toISOString().slice(0, 19)}.000Z`
const inDollars = (price: number) => price.toFixed(6)

const fields: FilterFields<SpotPrice> = {
  'availability-zone': ({ zone }) => zone,
  'instance-type': ({ type }) => type.name,
  'product-description': () => product,
  'spot-price': ({ price }) => inDollars(price),
  timestamp: ({ since }) => whole(since)
}

function moment(parameters: Parameters, name: string, otherwise: number): number {
  const text = parameters.text(name)
  if (text === undefined) return otherwise
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw invalidValue(text, name, 'It must be a time of ISO 8601.')
  return time
}

/** Newest first, whatever the page: a price that came between two pages must not move the others. */
const farAhead = Date.UTC(2100, 0, 1)
function positionOf({ type, zone, since }: SpotPrice): number {
  const zoneIndex = practiceZones.findIndex((one) => one.name === zone)
  const minutes = Math.floor((farAhead - since) / 60_000)
  return minutes * 100_000 + catalogueTypes.indexOf(type) * 10 + zoneIndex
}

/** What Spot costs and has cost, of a history that is the same at every run. */
export const spotPriceActions: Actions = {
  DescribeSpotPriceHistory: {
    accepts: [
      'AvailabilityZone', 'EndTime', 'Filter', 'InstanceType', 'MaxResults', 'NextToken', 'ProductDescription',
      'StartTime'
    ],
    run(parameters) {
      const now = Date.now()
      const to = Math.min(now, moment(parameters, 'EndTime', now))
      const from = Math.max(now - longest, moment(parameters, 'StartTime', now - longest))
      if (from > now + 24 * 3_600_000)
        throw invalidValue(parameters.text('StartTime') ?? '', 'StartTime', 'It lies in the future.')
      const types = parameters.list('InstanceType')
      const unknown = types.filter((name) => !catalogueType(name))
      if (unknown.length > 0)
        throw new Ec2Error('InvalidParameterValue', `Invalid instance types: [${unknown.join(', ')}]`)
      const zone = parameters.text('AvailabilityZone')
      if (zone !== undefined && !practiceZones.some((one) => one.name === zone))
        throw new Ec2Error('InvalidParameterValue', `Invalid availability zone: [${zone}]`)
      const products = parameters.list('ProductDescription')
      const sold = products.length === 0 || products.some((name) => name.startsWith(product))
      const wanted = (type: CatalogueType, place: string) =>
        sold && (types.length === 0 || types.includes(type.name)) && (zone === undefined || place === zone)
      const prices = spotHistory(Math.min(from, to), to, wanted)
      const { items, nextToken } = page(parameters, select(prices, readFilters(parameters), fields), positionOf, {
        least: 1,
        most: 1000
      })
      return {
        spotPriceHistorySet: items.map((price) => ({
          availabilityZone: price.zone,
          instanceType: price.type.name,
          productDescription: product,
          spotPrice: inDollars(price.price),
          timestamp: whole(price.since)
        })),
        // EC2 sends an empty token at the end.
        nextToken: nextToken ?? ''
      }
    }
  }
}
