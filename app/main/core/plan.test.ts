import { describe, expect, it } from 'vitest'
import type { InstanceType, MachineImage } from '../../contract/index.ts'
import type { PlanKnowledge } from './plan.ts'
import { makePlan } from './plan.ts'

function type(name: string, change: Partial<InstanceType> = {}): InstanceType {
  return {
    name, vcpus: 2, cores: 1, threadsPerCore: 2, memoryGib: 4, network: 'Up to 10 Gigabit', architectures: ['x86_64'],
    clusterPlacement: true, currentGeneration: true, gpus: 0, zones: ['r-1a', 'r-1b'], pricePerHour: 0.1,
    priceSource: 'snapshot', gpuNames: [], efa: false, burstable: false, priceDate: '2026-02-09', spotPrices: [],
    spotPricePerHour: null, ...change
  }
}

function image(id: string, change: Partial<MachineImage> = {}): MachineImage {
  return {
    id, name: id, description: '', architecture: 'x86_64', user: 'ec2-user', rootDevice: '/dev/xvda',
    createdAt: '2026-01-01T00:00:00Z', ...change
  }
}

const known: PlanKnowledge = {
  region: 'r-1',
  types: [
    type('z9.big', { cores: 8, vcpus: 16, pricePerHour: 2 }), type('c5.large'),
    type('t3.micro', { clusterPlacement: false, zones: ['r-1a'], pricePerHour: 0.01 }),
    type('c6g.large', { architectures: ['arm64'] }), type('x1.odd', { pricePerHour: null, priceSource: null })
  ],
  images: [
    image('ami-old', { createdAt: '2025-01-01T00:00:00Z' }), image('ami-new'),
    image('ami-arm', { architecture: 'arm64', user: 'ubuntu', createdAt: '2026-05-01T00:00:00Z' })
  ],
  zones: [{ name: 'r-1a', state: 'available' }, { name: 'r-1b', state: 'available' },
    { name: 'r-1c', state: 'impaired' }],
  namesInUse: ['network-1', 'taken'],
  book: {
    from: 'snapshot', source: 'snapshot', date: '2026-02-09', instances: {},
    volumes: { gp3: { price: 0.08, source: 'volumes', date: '2026-08-17' } },
    publicIpv4: { price: 0.005, source: 'addresses', date: '2026-07-24' }
  },
  spotAt: '2026-11-20T12:00:00Z'
}

const errorsOf = (spec: Parameters<typeof makePlan>[0]) =>
  makePlan(spec, known).findings.filter(finding => finding.level === 'error')

describe('defaults', () => {
  it('fill in everything but the region', () => {
    const plan = makePlan({ region: 'r-1' }, known)
    expect(plan.findings).toEqual([])
    expect(plan.spec).toEqual({
      name: 'network-2', region: 'r-1', instances: 2, instanceType: 'c5.large', image: 'ami-new', user: 'ec2-user',
      zone: null, slotsPerHost: 1, placementGroup: true
    })
    expect(plan.pricePerHour).toBe(0.2)
    expect(plan.priceSource).toBe('snapshot')
  })

  it('list everything that would be created', () => {
    const { creates } = makePlan({ region: 'r-1', name: 'Demo', instances: 3 }, known)
    expect(creates.map(one => [one.kind, one.count])).toEqual([
      ['key-pair', 1], ['security-group', 1], ['placement-group', 1], ['instance', 3], ['volume', 3]
    ])
    expect(creates[0]?.name).toBe('rmada-demo')
  })

  it('take the newest image that fits the type, and the type that fits the image', () => {
    expect(makePlan({ region: 'r-1', instanceType: 'c6g.large' }, known).spec)
      .toMatchObject({ image: 'ami-arm', user: 'ubuntu' })
    expect(makePlan({ region: 'r-1', image: 'ami-arm' }, known).spec?.instanceType).toBe('c6g.large')
  })

  it('take the cheapest type where none of the usual ones is on offer', () => {
    const few = { ...known, types: known.types.filter(one => one.name !== 'c5.large') }
    expect(makePlan({ region: 'r-1' }, few).spec?.instanceType).toBe('t3.micro')
    expect(makePlan({ region: 'r-1', zone: 'r-1b' }, few).spec?.instanceType).toBe('c6g.large')
  })

  it('place in a group only where it helps and can be', () => {
    expect(makePlan({ region: 'r-1', instances: 1 }, known).spec?.placementGroup).toBe(false)
    expect(makePlan({ region: 'r-1', instanceType: 't3.micro' }, known).spec?.placementGroup).toBe(false)
    expect(makePlan({ region: 'r-1', placementGroup: false }, known).spec?.placementGroup).toBe(false)
    expect(errorsOf({ region: 'r-1', instanceType: 't3.micro', placementGroup: true })[0]?.field).toBe('placementGroup')
  })
})

describe('bad input', () => {
  it.each([
    [{ instanceType: 'c5large' }, 'INSTANCE_TYPE_UNKNOWN', 'c5large'],
    [{ instanceType: 'nonsense' }, 'INSTANCE_TYPE_UNKNOWN', 'nonsense'],
    [{ image: 'ami-none' }, 'IMAGE_UNKNOWN', 'ami-none'],
    [{ image: 'ami-arm', instanceType: 'c5.large' }, 'IMAGE_UNFIT', 'arm64'],
    [{ zone: 'r-1z' }, 'ZONE_UNKNOWN', 'r-1z'],
    [{ zone: 'r-1b', instanceType: 't3.micro' }, 'ZONE_UNOFFERED', 'r-1b'],
    [{ instances: 0 }, 'COUNT_INVALID', 'at least one'],
    [{ instances: -3 }, 'COUNT_INVALID', 'at least one'],
    [{ instances: 2.5 }, 'COUNT_INVALID', 'whole number'],
    [{ instances: Number.NaN }, 'COUNT_INVALID', 'whole number'],
    [{ instances: 1001 }, 'COUNT_INVALID', 'at most 1000'],
    [{ instances: 1e12 }, 'COUNT_INVALID', 'at most 1000'],
    [{ slotsPerHost: 0 }, 'SLOTS_INVALID', '0'],
    [{ slotsPerHost: 1.5 }, 'SLOTS_INVALID', '1.5'],
    [{ name: 'taken' }, 'NETWORK_NAME_IN_USE', 'taken'],
    [{ name: 'TAKEN' }, 'NETWORK_NAME_IN_USE', 'taken'],
    [{ name: '' }, 'NETWORK_NAME_INVALID', 'empty'],
    [{ name: 'a b' }, 'NETWORK_NAME_INVALID', 'a b']
  ])('%j is one error with one sentence', (input, code, part) => {
    const plan = makePlan({ region: 'r-1', ...input }, known)
    const errors = plan.findings.filter(finding => finding.level === 'error')
    expect(errors.map(error => error.code)).toEqual([code])
    expect(errors[0]?.message).toContain(part)
    expect(errors[0]?.suggestion).not.toBe('')
    expect(plan).toMatchObject({ spec: null, creates: [], pricePerHour: null })
  })

  it('names all faults at once', () => {
    const codes = errorsOf({ region: 'r-1', name: '-', instances: 0, slotsPerHost: -1, zone: 'no',
      image: 'no' }).map(e => e.code)
    expect(codes.toSorted()).toEqual([
      'COUNT_INVALID', 'IMAGE_UNKNOWN', 'NETWORK_NAME_INVALID', 'SLOTS_INVALID', 'ZONE_UNKNOWN'
    ])
  })

  it('suggests the type that was meant', () => {
    expect(errorsOf({ region: 'r-1', instanceType: 'c5large' })[0]?.suggestion).toBe('Did you mean c5.large?')
  })
})

describe('warnings', () => {
  it('tell of more slots than cores, and go on', () => {
    const plan = makePlan({ region: 'r-1', slotsPerHost: 4 }, known)
    expect(plan.findings.map(finding => [finding.level, finding.code])).toEqual([['warning', 'SLOTS_ABOVE_CORES']])
    expect(plan.spec?.slotsPerHost).toBe(4)
    expect(makePlan({ region: 'r-1', instanceType: 'z9.big', slotsPerHost: 8 }, known).findings).toEqual([])
  })

  it('tell of a zone with trouble', () => {
    const plan = makePlan({ region: 'r-1', zone: 'r-1c', instanceType: 'x1.odd' },
      { ...known, types: [type('x1.odd', { zones: [] })] })
    expect(plan.findings.map(finding => finding.code)).toEqual(['ZONE_IMPAIRED'])
  })

  it('show no price where none is known', () => {
    const plan = makePlan({ region: 'r-1', instanceType: 'x1.odd' }, known)
    expect(plan.findings.map(finding => [finding.level, finding.code])).toEqual([['info', 'PRICE_UNKNOWN']])
    expect(plan).toMatchObject({ pricePerHour: null, priceSource: null })
    expect(plan.spec).not.toBeNull()
  })
})
