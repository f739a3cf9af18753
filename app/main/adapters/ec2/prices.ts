import type { _InstanceType } from '@aws-sdk/client-ec2'
import type { Filter } from '@aws-sdk/client-pricing'
import { z } from 'zod'
import { RmadaError } from '../../core/error.ts'
import type { SpotPriceRecord } from '../../core/ports/index.ts'
import type { PriceList } from '../../core/prices.ts'
import type { Session } from './session.ts'

/** What of a product matters here; the list says far more. */
const Product = z.object({
  product: z.object({
    attributes: z.object({ instanceType: z.string().optional(), volumeApiName: z.string().optional() })
  }),
  terms: z.object({
    OnDemand: z.record(z.string(), z.object({
      priceDimensions: z.record(z.string(), z.object({
        unit: z.string(),
        pricePerUnit: z.object({ USD: z.string().optional() })
      }))
    })).optional()
  }),
  publicationDate: z.string()
})
type Product = z.infer<typeof Product>

/** The Pricing API answers at three places for all regions: the one on the same side of the world is asked. */
function pricingRegionOf(region: string): string {
  if (/^(eu|me|af|il)-/.test(region)) return 'eu-central-1'
  return region.startsWith('ap-') ? 'ap-south-1' : 'us-east-1'
}

/** China and GovCloud have price lists of their own, which the credentials of a commercial account cannot read. */
const elsewhere = /^(cn|us-gov|us-iso|eusc)/

const term = (Field: string, Value: string): Filter => ({ Type: 'TERM_MATCH', Field, Value })

/** Price of a product in its unit. Products without a price in USD, or given for nothing with a reservation, have none. */
function priceOf(product: Product, unit: string): number | null {
  for (const { priceDimensions } of Object.values(product.terms.OnDemand ?? {})) {
    for (const dimension of Object.values(priceDimensions)) {
      const price = Number(dimension.pricePerUnit.USD)
      if (dimension.unit === unit && price > 0) return price
    }
  }
  return null
}

/** The on-demand prices of a region. `endpoint`: where prices are asked too, as AWS has endpoints of their own. */
export async function readPriceList(session: Session, region: string, endpoint: string | null): Promise<PriceList> {
  if (endpoint === null && elsewhere.test(region)) {
    throw new RmadaError('CLOUD_ERROR', `The price list of ${region} is not open to commercial AWS accounts.`, {
      suggestion: 'Look the prices up on the web pages of that partition of AWS.'
    })
  }
  return await session.share('pricing:GetProducts', async (shared) => {
    const { PricingClient, paginateGetProducts } = await import('@aws-sdk/client-pricing')
    const client = new PricingClient({
      ...shared,
      ...(endpoint === null ? { region: pricingRegionOf(region) } : { endpoint })
    })
    const products = async (filters: readonly Filter[]): Promise<Product[]> => {
      const found: Product[] = []
      const Filters = [term('regionCode', region), ...filters]
      for await (const page of paginateGetProducts({ client, pageSize: 100 }, { ServiceCode: 'AmazonEC2', Filters })) {
        for (const item of page.PriceList ?? []) {
          const parsed = Product.safeParse(JSON.parse(String(item)))
          if (parsed.success) found.push(parsed.data)
        }
      }
      return found
    }
    const [machines, storage] = await Promise.all([
      products([
        term('operatingSystem', 'Linux'), term('tenancy', 'Shared'), term('preInstalledSw', 'NA'),
        term('capacitystatus', 'Used'), term('marketoption', 'OnDemand')
      ]),
      products([term('productFamily', 'Storage')])
    ])
    if (machines.length === 0) throw noPrices(region)
    return {
      date: machines.reduce((latest, one) => one.publicationDate > latest ? one.publicationDate : latest, '').slice(0, 10),
      instances: table(machines, 'Hrs', (one) => one.product.attributes.instanceType),
      volumes: table(storage, 'GB-Mo', (one) => one.product.attributes.volumeApiName)
    }
  })
}

function table(
  products: readonly Product[], unit: string, nameOf: (product: Product) => string | undefined
): Readonly<Record<string, number>> {
  return Object.fromEntries(products.flatMap((product) => {
    const [name, price] = [nameOf(product), priceOf(product, unit)]
    return name === undefined || price === null ? [] : [[name, price] as const]
  }))
}

function noPrices(region: string): RmadaError {
  return new RmadaError('CLOUD_ERROR', `The price list has no prices of instances in ${region}.`, {
    suggestion: 'Look the prices up at https://aws.amazon.com/ec2/pricing/on-demand/.'
  })
}

/**
 * Spot prices of Linux. A start of now makes EC2 answer with the price that holds of every type and zone, and nothing
 * older.
 */
export function readSpotPrices(
  session: Session, of?: { readonly type: string; readonly since: Date }
): Promise<readonly SpotPriceRecord[]> {
  return session.call('DescribeSpotPriceHistory', async (client, { paginateDescribeSpotPriceHistory }) => {
    const records: SpotPriceRecord[] = []
    for await (const page of paginateDescribeSpotPriceHistory({ client, pageSize: 1000 }, {
      ProductDescriptions: ['Linux/UNIX'],
      StartTime: of?.since ?? new Date(),
      // A name that the SDK does not know is EC2's to refuse.
      ...(of === undefined ? {} : { InstanceTypes: [of.type as _InstanceType] })
    })) {
      for (const { InstanceType: type, AvailabilityZone: zone, SpotPrice, Timestamp } of page.SpotPriceHistory ?? []) {
        const perHour = Number(SpotPrice)
        if (type && zone && Timestamp && perHour > 0) records.push({ type, zone, perHour, at: Timestamp.toISOString() })
      }
    }
    return records
  })
}
