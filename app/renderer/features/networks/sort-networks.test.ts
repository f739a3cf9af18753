import { expect, it } from 'vitest'
import type { Network } from '../../../contract/index.ts'
import { sortNetworks } from './sort-networks.ts'
import type { NetworkRow, Sorting } from './sort-networks.ts'

const row = (name: string, more: Partial<Network> = {}, priceEach: number | null = 1): NetworkRow => ({
  priceEach,
  step: '',
  progress: null,
  practice: true,
  network: {
    id: name,
    name,
    region: 'practice-1',
    status: 'running',
    message: '',
    instanceType: 'c5.large',
    image: 'ami-1',
    zone: null,
    slotsPerHost: 1,
    createdAt: '2026-11-20T12:00:00Z',
    keyName: null,
    securityGroup: null,
    placementGroup: null,
    pricePerHour: null,
    priceSource: null,
    keyHere: true,
    taskId: null,
    instances: [],
    ...more
  }
})
const names = (rows: NetworkRow[], sorting: Sorting): string =>
  sortNetworks(rows, sorting)
    .map((one) => one.network.name)
    .join(' ')

it('sorts names as people count', () => {
  const rows = [row('net10'), row('net9'), row('Net1')]
  expect(names(rows, { by: 'name', descending: false })).toBe('Net1 net9 net10')
  expect(names(rows, { by: 'name', descending: true })).toBe('net10 net9 Net1')
})

it('puts unknown prices and zones last in either direction', () => {
  const rows = [row('a', { zone: null }, null), row('b', { zone: 'z-b' }, 0.1), row('c', { zone: 'z-a' }, 2)]
  expect(names(rows, { by: 'price', descending: false })).toBe('b c a')
  expect(names(rows, { by: 'price', descending: true })).toBe('c b a')
  expect(names(rows, { by: 'zone', descending: false })).toBe('c b a')
})

it('sorts by time of launch and keeps equal ones by name', () => {
  const rows = [row('b'), row('a'), row('old', { createdAt: '2026-11-19T12:00:00Z' })]
  expect(names(rows, { by: 'launched', descending: true })).toBe('a b old')
})

it('leaves the rows that it was given as they are', () => {
  const rows = [row('b'), row('a')]
  sortNetworks(rows, { by: 'name', descending: false })
  expect(rows.map((one) => one.network.name)).toEqual(['b', 'a'])
})
