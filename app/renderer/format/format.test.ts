import { describe, expect, it } from 'vitest'
import { counted } from './count.ts'
import { daily, hourly, knownSum, sumPrices } from './money.ts'
import { ago, duration } from './time.ts'

describe('prices', () => {
  it.each([
    [0, '$0.00/h'],
    [0.085, '$0.085/h'],
    [0.0116, '$0.0116/h'],
    [12, '$12.00/h'],
    [1234.5, '$1,234.50/h'],
    [null, '–']
  ])('%s an hour reads %s', (usd, text) => {
    expect(hourly(usd)).toBe(text)
  })
  it('makes a day of 24 hours, to the cent', () => {
    expect(daily(0.0116)).toBe('$0.28/day')
    expect(daily(null)).toBe('–')
  })
  it('does not add up a sum when a part is unknown', () => {
    expect(sumPrices([0.5, 0.25])).toBe(0.75)
    expect(sumPrices([0.5, null])).toBeNull()
    expect(sumPrices([])).toBe(0)
  })
  it('or says that it is not all of it', () => {
    expect(knownSum([0.5, null])).toEqual({ sum: 0.5, complete: false })
    expect(knownSum([0.5, 0.25])).toEqual({ sum: 0.75, complete: true })
  })
})

describe('times', () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  it.each([
    ['2026-11-20T11:59:31Z', 'just now'],
    ['2026-11-20T11:59:00Z', '1 minute ago'],
    ['2026-11-20T09:30:00Z', '2 hours ago'],
    ['2026-11-19T11:00:00Z', 'yesterday'],
    ['2026-11-10T12:00:00Z', '10 days ago'],
    ['2026-11-20T12:00:09Z', 'just now']
  ])('%s was %s', (iso, text) => {
    expect(ago(iso, now)).toBe(text)
  })
  it.each([
    [38.4, '38 ms'],
    [412, '0.4 s'],
    [9_999, '10.0 s'],
    [38_200, '38 s'],
    [59_700, '1 min 0 s'],
    [125_000, '2 min 5 s']
  ])('%d ms took %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})

it('counts in words', () => {
  expect(counted(1, 'instance')).toBe('1 instance')
  expect(counted(0, 'instance')).toBe('0 instances')
  expect(counted(2, 'entry', 'entries')).toBe('2 entries')
})
