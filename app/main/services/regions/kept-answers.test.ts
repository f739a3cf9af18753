import { expect, it } from 'vitest'
import { z } from 'zod'
import { RmadaError } from '../../core/error.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { KeptAnswers } from './kept-answers.ts'

const hour = 3_600_000

function make(disk = new Map<string, string>(), version = '1.0.0') {
  const clock = new FakeClock()
  let asked = 0
  let fails = false
  const kept = new KeptAnswers({
    clock, version,
    catalogueStore: {
      read: async key => disk.get(key) ?? null,
      write: async (key, text) => { disk.set(key, text) }
    }
  })
  const get = (refresh = false) => kept.get({
    name: 'numbers r-1', key: 'numbers', schema: z.number(), youngMs: 24 * hour, refresh,
    ask: async () => {
      asked += 1
      if (fails) throw new RmadaError('ENDPOINT_UNREACHABLE', 'The cloud does not answer.', { suggestion: 'Wait.' })
      return asked
    }
  })
  return { disk, clock, kept, get, asked: () => asked, fail: (now: boolean) => { fails = now } }
}

it('asks once in a day, many callers together, and at once when told to', async () => {
  const { get, clock, asked } = make()
  expect((await Promise.all([get(), get(), get()])).map(one => one.value)).toEqual([1, 1, 1])
  clock.pass(23 * hour)
  expect((await get()).value).toBe(1)
  expect((await get(true)).value).toBe(2)
  clock.pass(25 * hour)
  expect((await get()).value).toBe(3)
  expect(asked()).toBe(3)
})

it('has the answer of an earlier run, with its own age', async () => {
  const first = make()
  const { at } = await first.get()
  const second = make(first.disk)
  second.clock.pass(hour)
  expect(await second.get()).toMatchObject({ value: 1, at, problem: '' })
  expect(second.asked()).toBe(0)
})

it('shows what is old rather than nothing, says why, and tries again after a while', async () => {
  const first = make()
  const { at } = await first.get()
  const second = make(first.disk)
  second.clock.pass(48 * hour)
  second.fail(true)
  expect(await second.get()).toMatchObject({ value: 1, at, problem: 'The cloud does not answer.' })
  await second.get()
  expect(second.asked()).toBe(1)
  second.clock.pass(hour)
  second.fail(false)
  expect(await second.get()).toMatchObject({ value: 2, problem: '' })
})

it('fails when there is nothing to show, and does not keep the failure', async () => {
  const { get, fail } = make()
  fail(true)
  await expect(get()).rejects.toThrow('The cloud does not answer.')
  fail(false)
  expect((await get()).value).toBe(2)
})

it.each([
  ['is damaged', '{"version":"1.0.0","at":'],
  ['is of another version', JSON.stringify({ version: '0.9.0', at: '2026-01-01T00:00:00.000Z', value: 7 })],
  ['holds something else', JSON.stringify({ version: '1.0.0', at: '2026-01-01T00:00:00.000Z', value: 'x' })],
  ['comes from the future', JSON.stringify({ version: '1.0.0', at: '2099-01-01T00:00:00.000Z', value: 7 })]
])('asks when the file %s', async (_what, text) => {
  const { get } = make(new Map([['numbers', text]]))
  expect((await get()).value).toBe(1)
})

it('forgets in memory what a region said, when it is reached in another way', async () => {
  const { kept, get, disk, asked } = make()
  await get()
  disk.clear()
  kept.forget(' r-2')
  await get()
  expect(asked()).toBe(1)
  kept.forget(' r-1')
  await get()
  expect(asked()).toBe(2)
})
