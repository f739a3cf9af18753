import { createHash } from 'node:crypto'
import { catalogueTypes, practiceRegion, type CatalogueType } from '../../catalogue.ts'
import { gp3PerMonth, onDemandPrice, priceDay } from '../../prices.ts'
import type { JsonService } from '../json-action.ts'
import { Ec2Error } from '../protocol/error.ts'

/** A product of the price list: what it is, and what it costs. */
interface Product {
  readonly family: string
  readonly attributes: Readonly<Record<string, string>>
  readonly unit: 'Hrs' | 'GB-Mo'
  readonly price: number
  readonly description: string
}

const location = { location: 'Practice', locationType: 'AWS Region', regionCode: practiceRegion }

function instanceProduct(type: CatalogueType, price: number): Product {
  return {
    family: 'Compute Instance',
    unit: 'Hrs',
    price,
    description: `$${price} per On Demand Linux ${type.name} Instance Hour, as if`,
    attributes: {
      ...location,
      servicecode: 'AmazonEC2',
      servicename: 'Amazon Elastic Compute Cloud',
      instanceType: type.name,
      operatingSystem: 'Linux',
      tenancy: 'Shared',
      preInstalledSw: 'NA',
      capacitystatus: 'Used',
      licenseModel: 'No License required',
      marketoption: 'OnDemand',
      operation: 'RunInstances',
      usagetype: `PRC1-BoxUsage:${type.name}`,
      vcpu: String(type.vcpus),
      memory: `${type.memoryMib / 1024} GiB`,
      networkPerformance: type.network,
      currentGeneration: type.currentGeneration ? 'Yes' : 'No'
    }
  }
}

const products: readonly Product[] = [
  ...catalogueTypes.flatMap((type) => {
    const price = onDemandPrice(type.name)
    return price === null ? [] : [instanceProduct(type, price)]
  }),
  {
    family: 'Storage',
    unit: 'GB-Mo',
    price: gp3PerMonth,
    description: `$${gp3PerMonth} per GB-month of General Purpose (gp3) provisioned storage, as if`,
    attributes: {
      ...location,
      servicecode: 'AmazonEC2',
      servicename: 'Amazon Elastic Compute Cloud',
      volumeType: 'General Purpose',
      volumeApiName: 'gp3',
      usagetype: 'PRC1-EBS:VolumeUsage.gp3'
    }
  }
]

/** Every item of the list is JSON within JSON, as AWS sends it. */
function priceItem(product: Product): string {
  const sku = createHash('sha256').update(product.description).digest('hex').slice(0, 16).toUpperCase()
  const term = `${sku}.JRTCKXETXF`
  const rate = `${term}.6YS6EN2CT7`
  const published = `${priceDay}T00:00:00Z`
  return JSON.stringify({
    product: { productFamily: product.family, attributes: product.attributes, sku },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: {
            [rate]: {
              unit: product.unit,
              endRange: 'Inf',
              description: product.description,
              appliesTo: [],
              rateCode: rate,
              beginRange: '0',
              pricePerUnit: { USD: product.price.toFixed(10) }
            }
          },
          sku,
          effectiveDate: published,
          offerTermCode: 'JRTCKXETXF',
          termAttributes: {}
        }
      }
    },
    version: `${priceDay.replaceAll('-', '')}000000`,
    publicationDate: published
  })
}

const invalid = (message: string) => new Ec2Error('InvalidParameterException', message)

/** A filter of GetProducts: fields compare without regard to case, as AWS does with TERM_MATCH. */
function readFilter(filter: unknown): (product: Product) => boolean {
  const { Type, Field, Value } = (filter ?? {}) as { Type?: unknown; Field?: unknown; Value?: unknown }
  if (Type !== 'TERM_MATCH') throw invalid('Input Parameters are invalid. The filter type must be TERM_MATCH')
  if (typeof Field !== 'string' || typeof Value !== 'string')
    throw invalid('Input Parameters are invalid. A filter needs Field and Value')
  const wanted = Value.toLowerCase()
  const field = Field.toLowerCase()
  return ({ family, attributes }) => {
    if (field === 'productfamily') return family.toLowerCase() === wanted
    return Object.entries(attributes).some(
      ([name, value]) => name.toLowerCase() === field && value.toLowerCase() === wanted
    )
  }
}

function readPage(token: unknown, size: unknown): { from: number; to: number } {
  const most = size === undefined ? 100 : size
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > 100)
    throw invalid('Input Parameters are invalid. MaxResults must be from 1 to 100')
  if (token === undefined) return { from: 0, to: most }
  const match = typeof token === 'string' ? /^after-(\d{1,6})$/.exec(Buffer.from(token, 'base64').toString()) : null
  if (!match) throw new Ec2Error('InvalidNextTokenException', 'The pagination token is invalid')
  const from = Number(match[1])
  return { from, to: from + most }
}

/** The AWS Price List API, as far as it knows what the practice cloud rents out. */
export const pricingActions: JsonService['actions'] = {
  GetProducts({ ServiceCode, Filters, FormatVersion, MaxResults, NextToken }) {
    if (typeof ServiceCode !== 'string') throw invalid('Input Parameters are invalid. ServiceCode is missing')
    if (ServiceCode !== 'AmazonEC2') throw new Ec2Error('NotFoundException', `Unknown service: ${ServiceCode}`)
    if (FormatVersion !== undefined && FormatVersion !== 'aws_v1') throw invalid('Unsupported format version')
    if (Filters !== undefined && !Array.isArray(Filters)) throw invalid('Filters must be a list')
    const filters = (Filters ?? []).map(readFilter)
    const found = products.filter((product) => filters.every((holds) => holds(product)))
    const { from, to } = readPage(NextToken, MaxResults)
    return {
      FormatVersion: 'aws_v1',
      PriceList: found.slice(from, to).map(priceItem),
      ...(to < found.length ? { NextToken: Buffer.from(`after-${to}`).toString('base64') } : {})
    }
  }
}
