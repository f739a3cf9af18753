import { describe, expect, it } from 'vitest'
import type { Finding, Plan } from '../../../contract/index.ts'
import { emptyDraft, findingsFor, isLaunchable, specOf, specOfPlan, withRegion } from './draft.ts'

const finding = (level: Finding['level'], field: string | null): Finding => ({
  level,
  field,
  code: 'X',
  message: level,
  suggestion: ''
})
const spec = {
  name: 'n',
  region: 'r',
  instances: 2,
  instanceType: 't',
  image: 'i',
  user: 'ec2-user',
  zone: null,
  slotsPerHost: 1,
  placementGroup: true
}
const plan = (findings: Finding[], resolved: Plan['spec'] = spec): Plan => ({
  spec: resolved,
  creates: [],
  findings,
  pricePerHour: null,
  priceSource: null,
  estimate: [],
  total: { perHour: null, perDay: null, complete: false }
})

describe('what is asked of the manager', () => {
  it('is nothing without a region', () => {
    expect(specOf({ ...emptyDraft, name: 'n' })).toBeNull()
  })
  it('leaves out what has its default', () => {
    expect(specOf({ ...emptyDraft, region: 'r' })).toEqual({ region: 'r' })
  })
  it('keeps what cannot be right, for the plan to say so', () => {
    expect(specOf({ ...emptyDraft, region: 'r', name: '', instances: 1.5, slotsPerHost: -1 })).toEqual({
      region: 'r',
      name: '',
      instances: 1.5,
      slotsPerHost: -1
    })
  })
  it('forgets type, image and zone of another region, and keeps the rest', () => {
    const draft = { ...emptyDraft, region: 'r', name: 'n', instanceType: 't', image: 'i', zone: 'z', instances: 3 }
    expect(withRegion(draft, 's')).toEqual({ ...emptyDraft, region: 's', name: 'n', instances: 3 })
    expect(withRegion(draft, 'r')).toBe(draft)
  })
})

it('launches exactly what was reviewed, and the login name is not the caller’s to choose', () => {
  const { user: _, ...asked } = spec
  expect(specOfPlan(plan([]))).toEqual(asked)
  expect(specOfPlan(plan([], null))).toBeNull()
})

it('errors block, warnings do not', () => {
  expect(isLaunchable(plan([finding('warning', null), finding('info', null)]))).toBe(true)
  expect(isLaunchable(plan([finding('error', 'name')]))).toBe(false)
  expect(isLaunchable(plan([], null))).toBe(false)
  expect(isLaunchable(undefined)).toBe(false)
})

it('says the gravest thing of a field first', () => {
  const findings = findingsFor(
    plan([finding('info', 'name'), finding('error', 'name'), finding('error', 'zone')]),
    'name'
  )
  expect(findings.map((one) => one.level)).toEqual(['error', 'info'])
})
