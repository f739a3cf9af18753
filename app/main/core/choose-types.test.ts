import { describe, expect, it } from 'vitest'
import type { InstanceType, TypeQuery } from '../../contract/index.ts'
import { chooseTypes } from './choose-types.ts'

function type(name: string, change: Partial<InstanceType> = {}): InstanceType {
  return {
    name, vcpus: 4, cores: 2, threadsPerCore: 2, memoryGib: 8, network: 'Up to 10 Gigabit', architectures: ['x86_64'],
    clusterPlacement: true, currentGeneration: true, gpus: 0, gpuNames: [], efa: false, burstable: false,
    zones: ['z-a', 'z-b'], pricePerHour: 0.2, priceSource: 's', priceDate: '2026-11-19', spotPrices: [],
    spotPricePerHour: null, ...change
  }
}
const types = [
  type('t3.micro', { clusterPlacement: false, burstable: true, cores: 1, memoryGib: 1, pricePerHour: 0.01 }),
  type('c4.large', { currentGeneration: false, cores: 1, pricePerHour: 0.1 }),
  type('g5.xlarge', { gpus: 1, gpuNames: ['NVIDIA A10G'], pricePerHour: 1, memoryGib: 16, spotPricePerHour: 0.4 }),
  type('hpc7a.12xlarge', { efa: true, cores: 24, memoryGib: 768, pricePerHour: null, zones: ['z-b'] }),
  type('c7i.2xlarge', { cores: 4, memoryGib: 16, pricePerHour: 0.36, spotPricePerHour: 0.12 }),
  type('c7g.large', { architectures: ['arm64'], cores: 2, pricePerHour: 0.07, zones: [], spotPricePerHour: 0.03 })
]
const names = (query: Partial<TypeQuery> = {}) => chooseTypes(types, { region: 'r', ...query }).map(one => one.name)

describe('orders', () => {
  it('has what MPI is best served by first: clusters, current, no GPU to pay for, then the price', () => {
    expect(names()).toEqual(['c7g.large', 'c7i.2xlarge', 'hpc7a.12xlarge', 'g5.xlarge', 'c4.large', 't3.micro'])
  })
  it.each([
    ['price', false, ['t3.micro', 'c7g.large', 'c4.large', 'c7i.2xlarge', 'g5.xlarge', 'hpc7a.12xlarge']],
    ['price', true, ['g5.xlarge', 'c7i.2xlarge', 'c4.large', 'c7g.large', 't3.micro', 'hpc7a.12xlarge']],
    ['spot', false, ['c7g.large', 'c7i.2xlarge', 'g5.xlarge', 'c4.large', 'hpc7a.12xlarge', 't3.micro']],
    ['price-per-core', false, ['t3.micro', 'c7g.large', 'c7i.2xlarge', 'c4.large', 'g5.xlarge', 'hpc7a.12xlarge']],
    ['cores', true, ['hpc7a.12xlarge', 'c7i.2xlarge', 'c7g.large', 'g5.xlarge', 'c4.large', 't3.micro']],
    ['memory', false, ['t3.micro', 'c4.large', 'c7g.large', 'c7i.2xlarge', 'g5.xlarge', 'hpc7a.12xlarge']],
    ['name', true, ['t3.micro', 'hpc7a.12xlarge', 'g5.xlarge', 'c7i.2xlarge', 'c7g.large', 'c4.large']]
  ] as const)('%s, descending %s: what is not known comes last', (sort, descending, expected) => {
    expect(names({ sort, descending })).toEqual(expected)
  })
  it('counts the numbers in names', () => {
    const sizes = ['c7i.16xlarge', 'c7i.2xlarge', 'c7i.xlarge'].map(name => type(name))
    expect(chooseTypes(sizes, { region: 'r', sort: 'name' }).map(one => one.name))
      .toEqual(['c7i.2xlarge', 'c7i.16xlarge', 'c7i.xlarge'])
  })
})

describe('filters', () => {
  it.each([
    [{ search: ' C7I  LARGE' }, ['c7i.2xlarge']],
    [{ search: 'a10g' }, ['g5.xlarge']],
    [{ search: 'arm64 gigabit' }, ['c7g.large']],
    [{ search: '  ' }, names()],
    [{ minCores: 4 }, ['c7i.2xlarge', 'hpc7a.12xlarge']],
    [{ maxCores: 1 }, ['c4.large', 't3.micro']],
    [{ minMemoryGib: 16 }, ['c7i.2xlarge', 'hpc7a.12xlarge', 'g5.xlarge']],
    [{ maxPrice: 0.1 }, ['c7g.large', 'c4.large', 't3.micro']],
    [{ cluster: false }, ['t3.micro']],
    [{ efa: true }, ['hpc7a.12xlarge']],
    [{ gpu: true }, ['g5.xlarge']],
    [{ gpu: false, cluster: true, current: true }, ['c7g.large', 'c7i.2xlarge', 'hpc7a.12xlarge']],
    [{ current: false }, ['c4.large']],
    [{ architecture: 'arm64' as const }, ['c7g.large']],
    [{ zone: 'z-a', current: true, gpu: false }, ['c7g.large', 'c7i.2xlarge', 't3.micro']],
    [{ limit: 2 }, ['c7g.large', 'c7i.2xlarge']],
    [{ minCores: 1000 }, []]
  ])('%o', (query, expected) => {
    expect(names(query)).toEqual(expected)
  })
})
