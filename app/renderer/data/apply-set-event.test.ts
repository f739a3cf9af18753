import { expect, it } from 'vitest'
import { applySetEvent } from './apply-set-event.ts'
import type { SetEvent } from './apply-set-event.ts'

interface Item {
  readonly id: string
  readonly size: number
}

const after = (...events: SetEvent<Item>[]): readonly Item[] | undefined =>
  events.reduce<readonly Item[] | undefined>(applySetEvent, undefined)
const a = { id: 'a', size: 1 }
const b = { id: 'b', size: 2 }

it('begins with the whole set, even an empty one', () => {
  expect(after({ kind: 'all', items: [] })).toEqual([])
  expect(after({ kind: 'all', items: [a, b] })).toEqual([a, b])
})

it('replaces a changed item in its place and adds a new one at the end', () => {
  expect(after({ kind: 'all', items: [a, b] }, { kind: 'changed', item: { id: 'a', size: 9 } })).toEqual([
    { id: 'a', size: 9 },
    b
  ])
  expect(after({ kind: 'all', items: [b] }, { kind: 'changed', item: a })).toEqual([b, a])
})

it('removes by id, and an unknown id changes nothing', () => {
  expect(after({ kind: 'all', items: [a, b] }, { kind: 'removed', id: 'a' })).toEqual([b])
  expect(after({ kind: 'all', items: [a] }, { kind: 'removed', id: 'x' })).toEqual([a])
})

it('does not take a change that comes before the set for the set', () => {
  expect(after({ kind: 'changed', item: a })).toBeUndefined()
  expect(after({ kind: 'removed', id: 'a' })).toBeUndefined()
})

it('a second whole set, after a reconnection, replaces the first', () => {
  expect(after({ kind: 'all', items: [a, b] }, { kind: 'all', items: [b] })).toEqual([b])
})
