import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCloud } from '../../../app/main/adapters/ec2/open-cloud.ts'
import { startBoto3, type Boto3, type Parsed } from './boto3.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

const exec = promisify(execFile)
const day = 24 * 3_600_000

let cloud: TemporaryPractice
let boto3: Boto3

beforeAll(async () => {
  cloud = await temporaryPractice()
  boto3 = startBoto3(cloud.practice)
})
afterAll(async () => {
  await boto3.close()
  await cloud.end()
})

async function awsCli(...args: string[]): Promise<Parsed> {
  const { endpoint, accessKeyId, secretAccessKey, region } = cloud.practice
  const { stdout } = await exec('/usr/bin/aws', [...args, '--endpoint-url', endpoint, '--region', region], {
    env: {
      PATH: '/usr/bin:/bin',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true'
    }
  })
  return JSON.parse(stdout)
}

const term = (Field: string, Value: string) => ({ Type: 'TERM_MATCH', Field, Value })
const asPricing = { service: 'pricing' } as const

describe('the price list, asked by boto3', () => {
  it('has an item for each type with a price, page by page', async () => {
    const filters = [term('regionCode', 'practice-1'), term('operatingSystem', 'Linux'), term('tenancy', 'Shared')]
    const names: string[] = []
    let token: string | undefined
    let pages = 0
    do {
      const page = await boto3.call(
        'get_products',
        { ServiceCode: 'AmazonEC2', Filters: filters, MaxResults: 10, ...(token === undefined ? {} : { NextToken: token }) },
        asPricing
      )
      names.push(...page.PriceList.map((item: string) => JSON.parse(item).product.attributes.instanceType))
      token = page.NextToken
      pages += 1
    } while (token !== undefined)
    expect(pages).toBe(Math.ceil(names.length / 10))
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('c7i.large')
    // Nobody told the price of an older type: it is not in the list, rather than free.
    expect(names).not.toContain('c4.large')
  })

  it('tells prices as AWS does: JSON in JSON, in dollars as text', async () => {
    const { PriceList, FormatVersion } = await boto3.call(
      'get_products',
      { ServiceCode: 'AmazonEC2', Filters: [term('instanceType', 'C7I.large')] },
      asPricing
    )
    expect(FormatVersion).toBe('aws_v1')
    expect(PriceList).toHaveLength(1)
    const { product, terms, publicationDate } = JSON.parse(PriceList[0])
    const [offer]: Parsed[] = Object.values(terms.OnDemand)
    const [dimension]: Parsed[] = Object.values(offer.priceDimensions)
    expect(product.productFamily).toBe('Compute Instance')
    expect(dimension).toMatchObject({ unit: 'Hrs', pricePerUnit: { USD: '0.0892500000' } })
    expect(publicationDate).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z$/)
  })

  it.each([
    [{ ServiceCode: 'AmazonEC2', Filters: [{ Type: 'CONTAINS', Field: 'a', Value: 'b' }] }, 'InvalidParameterException'],
    [{ ServiceCode: 'AmazonEC2', MaxResults: 101 }, 'InvalidParameterException'],
    [{ ServiceCode: 'AmazonEC2', NextToken: 'bm8=' }, 'InvalidNextTokenException'],
    [{ ServiceCode: 'AmazonSpaceships' }, 'NotFoundException'],
    [{}, 'InvalidParameterException']
  ])('refuses %o', async (params, code) => {
    expect(await boto3.refusal('get_products', params, asPricing)).toMatchObject({ code, status: 400 })
  })

  it('has no other action, and keeps the signature', async () => {
    expect(await boto3.refusal('describe_services', {}, asPricing)).toMatchObject({ code: 'UnknownOperationException' })
    expect(
      await boto3.refusal('get_products', { ServiceCode: 'AmazonEC2' }, { ...asPricing, secret: 'wrong' })
    ).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 })
  })
})

describe('Spot prices, asked by boto3', () => {
  const history = (params: object) => boto3.call('describe_spot_price_history', params)
  const from = new Date(Date.now() - 7 * day).toISOString()

  it('are one price of each type and zone for a start of now', async () => {
    const { SpotPriceHistory } = await history({ StartTime: new Date().toISOString(), ProductDescriptions: ['Linux/UNIX'] })
    const places = SpotPriceHistory.map((one: Parsed) => `${one.InstanceType} ${one.AvailabilityZone}`)
    expect(new Set(places).size).toBe(places.length)
    expect(places).toContain('c7i.large practice-1a')
    // Not sold on Spot, and not offered in that zone.
    expect(places.some((place: string) => place.startsWith('hpc7g'))).toBe(false)
    expect(places).not.toContain('c7i.large practice-1c')
  })

  it('go back over days, newest first, and are the same when asked again', async () => {
    const params = { StartTime: from, EndTime: new Date(Date.now() - 3_600_000).toISOString(), InstanceTypes: ['c7i.large'] }
    const { SpotPriceHistory: first } = await history(params)
    expect((await history(params)).SpotPriceHistory).toEqual(first)
    const times = first.map((one: Parsed) => Date.parse(one.Timestamp))
    expect(times).toEqual(times.toSorted((a: number, b: number) => b - a))
    for (const zone of ['practice-1a', 'practice-1b']) {
      const held = first.filter((one: Parsed) => one.AvailabilityZone === zone)
      expect(held.length).toBeGreaterThan(5)
      // The price that held at the start began before it.
      expect(held.filter((one: Parsed) => Date.parse(one.Timestamp) <= Date.parse(from))).toHaveLength(1)
      for (const one of held) {
        expect(Number(one.SpotPrice)).toBeGreaterThan(0)
        expect(Number(one.SpotPrice)).toBeLessThan(0.08925)
      }
    }
  })

  it('come page by page, each once', async () => {
    const params = { StartTime: from, EndTime: new Date().toISOString() }
    const whole = (await history(params)).SpotPriceHistory
    const pages = await boto3.pages('describe_spot_price_history', { ...params, PaginationConfig: { PageSize: 100 } })
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.flatMap((one: Parsed) => one.SpotPriceHistory).slice(0, whole.length)).toEqual(whole)
  })

  it('are filtered, and none of Windows', async () => {
    const { SpotPriceHistory } = await history({
      StartTime: from,
      Filters: [{ Name: 'availability-zone', Values: ['practice-1b'] }, { Name: 'instance-type', Values: ['c7i.*'] }]
    })
    expect(new Set(SpotPriceHistory.map((one: Parsed) => one.AvailabilityZone))).toEqual(new Set(['practice-1b']))
    expect((await history({ StartTime: from, ProductDescriptions: ['Windows'] })).SpotPriceHistory).toEqual([])
  })

  it.each([
    [{ InstanceTypes: ['c99.large'] }, 'InvalidParameterValue'],
    [{ AvailabilityZone: 'practice-1z' }, 'InvalidParameterValue'],
    [{ NextToken: 'x' }, 'InvalidParameterValue']
  ])('refuses %o', async (params, code) => {
    expect(await boto3.refusal('describe_spot_price_history', params)).toMatchObject({ code })
  })
})

it('the aws cli reads both', async () => {
  const { PriceList } = await awsCli(
    'pricing', 'get-products', '--service-code', 'AmazonEC2',
    '--filters', 'Type=TERM_MATCH,Field=volumeApiName,Value=gp3'
  )
  expect(PriceList).toHaveLength(1)
  expect(PriceList[0]).toContain('0.0800000000')
  const { SpotPriceHistory } = await awsCli(
    'ec2', 'describe-spot-price-history', '--instance-types', 'm5.large', '--start-time', new Date().toISOString()
  )
  expect(SpotPriceHistory).toHaveLength(3)
})

describe('Rmada’s own adapter', () => {
  const open = () => {
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.practice
    return openCloud({ region, endpoint, profile: null, credentials: { accessKeyId, secretAccessKey } })
  }

  it('reads the same prices over the same wire', async () => {
    const list = await open().priceList()
    expect(list.instances).toMatchObject({ 'c7i.large': 0.08925, 't3.micro': 0.0104, 'g5.xlarge': 1.006 })
    expect(list.instances).not.toHaveProperty('c4.large')
    expect(list.volumes).toEqual({ gp3: 0.08 })
    expect(list.date).toMatch(/^\d{4}-\d\d-\d\d$/)
  })

  it('reads Spot prices of now, and the history of one type', async () => {
    const now = await open().spotPrices()
    expect(now.filter((one) => one.type === 'm5.large').map((one) => one.zone).toSorted())
      .toEqual(['practice-1a', 'practice-1b', 'practice-1c'])
    const history = await open().spotPrices({ type: 'm5.large', since: new Date(Date.now() - 7 * day) })
    expect(new Set(history.map((one) => one.type))).toEqual(new Set(['m5.large']))
    expect(history.length).toBeGreaterThan(15)
  })

  it('knows GPUs, EFA and burstable types', async () => {
    const types = new Map((await open().instanceTypes()).map((type) => [type.name, type]))
    expect(types.get('g5.xlarge')).toMatchObject({ gpus: 1, gpuNames: ['NVIDIA A10G'], efa: false })
    expect(types.get('hpc7a.12xlarge')).toMatchObject({ gpus: 0, gpuNames: [], efa: true, burstable: false })
    expect(types.get('t3.micro')).toMatchObject({ burstable: true, clusterPlacement: false })
  })
})
