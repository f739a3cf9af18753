import { expect, it } from 'vitest'
import { spotNow, spotRanges } from './spot-range.ts'

const at = (zone: string, perHour: number, day: number) =>
  ({ type: 'c7i.large', zone, perHour, at: `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z` })
const since = new Date('2026-11-13T12:00:00Z')

it('counts the price that held when the range began, and none before it', () => {
  const records = [at('z-a', 0.05, 18), at('z-a', 0.02, 13), at('z-a', 0.9, 12), at('z-a', 0.04, 19)]
  expect(spotRanges(records, since)).toEqual([
    { zone: 'z-a', now: 0.04, since: '2026-11-19T00:00:00.000Z', lowest: 0.02, highest: 0.05, changes: 2 }
  ])
})

it('has the cheapest zone first, and a price that never changed as a range of one', () => {
  const ranges = spotRanges([at('z-b', 0.06, 14), at('z-a', 0.06, 1), at('z-c', 0.01, 15)], since)
  expect(ranges.map(range => [range.zone, range.lowest, range.highest, range.changes])).toEqual([
    ['z-c', 0.01, 0.01, 0], ['z-a', 0.06, 0.06, 0], ['z-b', 0.06, 0.06, 0]
  ])
  expect(spotRanges([], since)).toEqual([])
})

it('does not take a record that says the same again for a change', () => {
  expect(spotRanges([at('z-a', 0.05, 14), at('z-a', 0.05, 15)], since)[0]).toMatchObject({ changes: 0 })
})

it('has the latest price of each type and zone', () => {
  expect(spotNow([at('z-a', 0.05, 14), at('z-a', 0.07, 15), at('z-b', 0.02, 3)])).toEqual({
    'c7i.large': [{ zone: 'z-a', perHour: 0.07 }, { zone: 'z-b', perHour: 0.02 }]
  })
})
