import { describe, expect, it } from 'vitest'
import type { InstanceType, LaunchOptions } from '../../contract/index.ts'
import { covers } from './address-range.ts'
import { chosenOptions, optionFindings } from './launch-options.ts'
import { quoted } from './quoted.ts'
import { vcpuQuotaOf } from './vcpu-quotas.ts'

const type: InstanceType = {
  name: 'c5.large', vcpus: 2, cores: 1, threadsPerCore: 2, memoryGib: 4, network: '', architectures: ['x86_64'],
  clusterPlacement: true, currentGeneration: true, gpus: 0, gpuNames: [], efa: false, burstable: false, zones: [],
  pricePerHour: 0.085, priceSource: null, priceDate: null, spotPrices: [{ zone: 'r-a', perHour: 0.03 }],
  spotPricePerHour: 0.03
}
const image = {
  id: 'ami-1', name: 'plain', description: '', architecture: 'x86_64', user: 'ubuntu', rootDevice: '/dev/sda1',
  createdAt: null, rootGib: 8
} as const
const around = { type, image, instances: 4, placementGroup: false }
const codes = (options: LaunchOptions, change: Partial<typeof around> = {}) =>
  optionFindings(options, { ...around, ...change }).map(one => `${one.level} ${one.code} ${one.field}`)

describe('bad options', () => {
  it.each<readonly [LaunchOptions, string]>([
    [{ spot: 'all', maxPrice: 0 }, 'SPOT_PRICE_INVALID maxPrice'],
    [{ spot: 'all', maxPrice: -1 }, 'SPOT_PRICE_INVALID maxPrice'],
    [{ spot: 'all', maxPrice: Number.NaN }, 'SPOT_PRICE_INVALID maxPrice'],
    [{ maxPrice: 0.5 }, 'SPOT_PRICE_INVALID maxPrice'],
    [{ spot: 'none', maxPrice: 0.5 }, 'SPOT_PRICE_INVALID maxPrice'],
    [{ spot: 'slaves', maxPrice: 0.02 }, 'SPOT_PRICE_LOW maxPrice'],
    [{ rootVolumeGib: 0 }, 'ROOT_VOLUME_INVALID rootVolumeGib'],
    [{ rootVolumeGib: 10.5 }, 'ROOT_VOLUME_INVALID rootVolumeGib'],
    [{ rootVolumeGib: 16_385 }, 'ROOT_VOLUME_INVALID rootVolumeGib'],
    [{ rootVolumeGib: 7 }, 'ROOT_VOLUME_INVALID rootVolumeGib'],
    [{ rootVolumeType: 'io2' }, 'ROOT_VOLUME_INVALID rootVolumeType'],
    [{ rootVolumeType: 'constructor' }, 'ROOT_VOLUME_INVALID rootVolumeType'],
    [{ rootVolumeType: 'x'.repeat(10_000) }, 'ROOT_VOLUME_INVALID rootVolumeType'],
    [{ keyPair: 'mine' }, 'KEY_FILE_INVALID privateKeyFile'],
    [{ privateKeyFile: '~/.ssh/id' }, 'KEY_PAIR_UNKNOWN keyPair']
  ])('%j is one error with two short sentences', (options, what) => {
    const errors = optionFindings(options, around).filter(one => one.level === 'error')
    expect(errors.map(one => `${one.code} ${one.field}`)).toEqual([what])
    expect(errors[0]?.message.length).toBeLessThan(200)
    expect(errors[0]?.suggestion).toMatch(/\.$/)
  })

  it('of Spot where the type is not sold so', () => {
    expect(codes({ spot: 'slaves' }, { type: { ...type, spotSold: false } })).toEqual(['error SPOT_UNOFFERED spot'])
  })
})

describe('options that work, with what is to be known', () => {
  it.each<readonly [LaunchOptions, Partial<typeof around>, readonly string[]]>([
    [{}, {}, []],
    [{ spot: 'slaves' }, {}, []],
    [{ spot: 'all' }, { instances: 1 }, []],
    [{ spot: 'all' }, {}, ['warning SPOT_MASTER spot']],
    [{ spot: 'slaves' }, { instances: 1 }, ['warning SPOT_NO_SLAVES spot']],
    [{ spot: 'slaves' }, { placementGroup: true }, ['warning SPOT_PLACEMENT placementGroup']],
    [{ spot: 'slaves', maxPrice: 0.05 }, {}, ['warning SPOT_PRICE_CAP maxPrice']],
    [{ hyperthreading: true }, {}, []],
    [{ hyperthreading: true }, { type: { ...type, threadsPerCore: 1 } }, ['info HYPERTHREADING_NONE hyperthreading']],
    [{ rootVolumeGib: 8, rootVolumeType: 'gp2' }, {}, []]
  ])('%j', (options, change, expected) => {
    expect(codes(options, change)).toEqual(expected)
  })

  it('keeps only what is not the default', () => {
    expect(chosenOptions({
      spot: 'none', maxPrice: null, hyperthreading: false, rootVolumeGib: null, rootVolumeType: 'gp3', keyPair: null,
      privateKeyFile: null, securityGroup: null, subnet: null
    })).toEqual({})
    const all: LaunchOptions = {
      spot: 'all', maxPrice: 1, hyperthreading: true, rootVolumeGib: 20, rootVolumeType: 'gp2', keyPair: 'k',
      privateKeyFile: 'f', securityGroup: 'sg-1', subnet: 'subnet-1'
    }
    expect(chosenOptions(all)).toEqual(all)
  })
})

describe('the limit that counts a type', () => {
  it.each([
    ['c7i.large', false, 'L-1216C47A'], ['im4gn.large', true, 'L-34B43A08'], ['g5.xlarge', false, 'L-DB2E81BA'],
    ['hpc7a.48xlarge', false, 'L-F7808C92'], ['hpc7a.48xlarge', true, undefined], ['p4d.24xlarge', true, 'L-7212CCBC'],
    ['p5.48xlarge', true, undefined], ['mac2.metal', false, undefined], ['u7i-12tb.224xlarge', false, 'L-43DA4232']
  ])('%s, as Spot: %s', (name, spot, code) => {
    expect(vcpuQuotaOf(name, spot)?.code).toBe(code)
  })
})

describe('a range of addresses', () => {
  it.each([
    ['0.0.0.0/0', '192.0.2.7/32', true], ['192.0.2.0/24', '192.0.2.7/32', true], ['192.0.2.7/32', '192.0.2.7/32', true],
    ['192.0.3.0/24', '192.0.2.7/32', false], ['192.0.2.0/25', '192.0.2.200/32', false],
    ['10.0.0.0/8', '11.0.0.1/32', false],
    ['192.0.2.7/32', '192.0.2.0/24', false], ['::/0', '2001:db8::1/128', true], ['::/0', '192.0.2.7/32', false],
    ['no range', '192.0.2.7/32', false]
  ])('%s covers %s: %s', (range, other, expected) => {
    expect(covers(range, other)).toBe(expected)
  })
})

describe('what a user typed', () => {
  it('is cut to a line, by whole characters', () => {
    expect(quoted('übung\n\u0007two')).toBe('übung two')
    expect(quoted('😀'.repeat(10_000))).toBe(`${'😀'.repeat(60)}…`)
  })
})
