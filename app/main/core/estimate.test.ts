import { describe, expect, it } from 'vitest'
import type { InstanceType } from '../../contract/index.ts'
import { estimateLines, estimateTotal } from './estimate.ts'
import type { EstimateInput } from './estimate.ts'

const type: InstanceType = {
  name: 'c7i.large', vcpus: 2, cores: 1, threadsPerCore: 2, memoryGib: 4, network: 'Up to 12.5 Gigabit',
  architectures: ['x86_64'], clusterPlacement: true, currentGeneration: true, gpus: 0, gpuNames: [], efa: false,
  burstable: false, zones: ['z-a', 'z-b'], pricePerHour: 0.08925, priceSource: 'price list of 2026-11-19',
  priceDate: '2026-11-19', spotPrices: [{ zone: 'z-b', perHour: 0.03 }, { zone: 'z-a', perHour: 0.0412 }],
  spotPricePerHour: 0.03
}
const input: EstimateInput = {
  type, instances: 4, spot: 'none', zone: null, rootGib: 8, rootVolumeType: 'gp3', spotAt: '2026-11-20T12:00:00Z',
  book: {
    from: 'price-list', source: 'price list of 2026-11-19', date: '2026-11-19', instances: {},
    volumes: { gp3: { price: 0.08, source: 'volumes', date: '2026-08-17' } },
    publicIpv4: { price: 0.005, source: 'addresses', date: '2026-07-24' }
  }
}
const estimate = (change: Partial<EstimateInput> = {}) => {
  const lines = estimateLines({ ...input, ...change })
  return { lines, total: estimateTotal(lines) }
}

describe('the estimate of four c7i.large, worked out by hand', () => {
  it('has instances, root volumes and addresses, each with its source and day', () => {
    // 4 * 0.08925 = 0.357; 4 * 8 GiB * 0.08 / 730 = 0.003507 (to a millionth); 4 * 0.005 = 0.02
    expect(estimate()).toEqual({
      lines: [
        { item: 'c7i.large, on demand', quantity: 4, unit: 'instance-hour', unitPrice: 0.08925, perHour: 0.357,
          source: 'price list of 2026-11-19', date: '2026-11-19' },
        { item: 'GiB of root volumes (4 of 8 GiB, gp3)', quantity: 32, unit: 'GiB-month', unitPrice: 0.08,
          perHour: 0.003507, source: 'volumes', date: '2026-08-17' },
        { item: 'public IPv4 addresses', quantity: 4, unit: 'address-hour', unitPrice: 0.005, perHour: 0.02,
          source: 'addresses', date: '2026-07-24' }
      ],
      // 0.357 + 0.003507 + 0.02 = 0.380507; * 24 = 9.132168
      total: { perHour: 0.380507, perDay: 9.132168, complete: true }
    })
  })

  it('rents the slaves on Spot and the master on demand when asked', () => {
    const { lines, total } = estimate({ spot: 'slaves' })
    expect(lines.slice(0, 2)).toMatchObject([
      { item: 'c7i.large, on demand', quantity: 1, perHour: 0.08925 },
      { item: 'c7i.large, Spot', quantity: 3, unitPrice: 0.03, perHour: 0.09, date: '2026-11-20',
        source: expect.stringContaining('z-b') }
    ])
    // 0.08925 + 0.09 + 0.003507 + 0.02
    expect(total.perHour).toBe(0.202757)
  })

  it('takes the Spot price of the zone that was chosen, for all when asked', () => {
    const { lines } = estimate({ spot: 'all', zone: 'z-a' })
    expect(lines.map(line => [line.item, line.perHour])).toEqual([
      ['c7i.large, Spot', 0.1648], ['GiB of root volumes (4 of 8 GiB, gp3)', 0.003507], ['public IPv4 addresses', 0.02]
    ])
  })

  it('has no Spot line for a master that is alone', () => {
    expect(estimate({ spot: 'slaves', instances: 1 }).lines.map(line => line.item)).not.toContain('c7i.large, Spot')
  })

  it('has a new volume at /shared by its size', () => {
    // 100 * 0.08 / 730 = 0.010959
    const { lines } = estimate({ volume: { sizeGib: 100, type: 'gp3' } })
    expect(lines[2]).toMatchObject({ item: 'GiB of the new volume at /shared, gp3', quantity: 100, perHour: 0.010959 })
  })
})

describe('what is not known', () => {
  it('stays unknown, and the sum of the rest is a least', () => {
    const { lines, total } = estimate({ rootGib: null, rootVolumeType: 'gp3' })
    expect(lines[1]).toMatchObject({ unitPrice: null, perHour: null, quantity: 4, date: null })
    expect(total).toEqual({ perHour: 0.377, perDay: 9.048, complete: false })
  })

  it.each([
    ['a kind of volume without a figure', { rootVolumeType: 'io9' }],
    ['a name that every object has', { rootVolumeType: 'constructor' }],
    ['a type without a price', { type: { ...type, pricePerHour: null, priceSource: null, priceDate: null } }],
    ['a zone without a Spot price', { spot: 'all', zone: 'z-c' }]
  ] as const)('%s is never 0', (_what, change) => {
    const { lines, total } = estimate(change)
    const unknown = lines.filter(line => line.perHour === null)
    expect(unknown).toHaveLength(1)
    expect(unknown[0]).toMatchObject({ unitPrice: null, date: null, source: expect.stringContaining('not known') })
    expect(total.complete).toBe(false)
  })

  it('of everything leaves no total at all', () => {
    const { book } = input
    const { total } = estimate({
      type: { ...type, pricePerHour: null }, rootGib: null, book: { ...book, publicIpv4: null }
    })
    expect(total).toEqual({ perHour: null, perDay: null, complete: false })
    expect(estimateTotal([])).toEqual({ perHour: null, perDay: null, complete: false })
  })
})
