import { describe, expect, it } from 'vitest'
import { WatchedSet } from './watch.ts'
import { Windows } from './windows.ts'

interface Thing { readonly id: string; readonly n: number }

async function take<T>(events: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  for await (const event of events) {
    taken.push(event)
    if (taken.length === count) break
  }
  return taken
}

describe('a watched set', () => {
  it('shows what is there first, then each change', async () => {
    const set = new WatchedSet<Thing>()
    set.set({ id: 'a', n: 1 })
    const events = set.watch(new AbortController().signal)
    set.set({ id: 'b', n: 1 })
    set.set({ id: 'b', n: 1 })
    set.remove('a')
    set.remove('a')
    expect(await take(events, 3)).toEqual([
      { kind: 'all', items: [{ id: 'a', n: 1 }] }, { kind: 'changed', item: { id: 'b', n: 1 } },
        { kind: 'removed', id: 'a' }
    ])
  })

  it('shows a slow reader the latest of each thing alone', async () => {
    const set = new WatchedSet<Thing>()
    const events = set.watch(new AbortController().signal)
    for (let n = 0; n < 1000; n += 1) set.set({ id: 'a', n })
    expect(await take(events, 2)).toEqual([{ kind: 'all', items: [] }, { kind: 'changed', item: { id: 'a', n: 999 } }])
  })

  it('ends for a reader that waits, by its signal and by its close', async () => {
    const set = new WatchedSet<Thing>()
    const abort = new AbortController()
    const first = take(set.watch(abort.signal), 9)
    const second = take(set.watch(new AbortController().signal), 9)
    abort.abort()
    expect(await first).toHaveLength(1)
    set.close()
    expect(await second).toHaveLength(1)
    expect(await take(set.watch(abort.signal), 9)).toEqual([])
  })
})

describe('windows', () => {
  it('are asked to the front as many as there are', async () => {
    const windows = new Windows()
    expect(windows.activate()).toBe(0)
    const events = windows.watch(new AbortController().signal)
    expect(windows.activate()).toBe(1)
    expect(await take(events, 2)).toEqual([{ kind: 'ready' }, { kind: 'activate' }])
    expect(windows.activate()).toBe(0)
  })
})
