import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { TaskLogs } from './task-logs.ts'

function make() {
  const written: string[] = []
  const logs = new TaskLogs({
    clock: new FakeClock(), taskLogs: { append: (_id, text) => { written.push(text) }, path: id => `/logs/${id}` }
  })
  return { logs, written }
}
const texts = (lines: readonly { text: string }[]) => lines.map(line => line.text)

describe('the log of a task', () => {
  it('makes lines of pieces, for each node by itself', () => {
    const { logs, written } = make()
    logs.add('t', 'a', 'one\ntw')
    logs.add('t', 'b', 'other\n')
    logs.add('t', 'a', 'o\nthree')
    expect(logs.last('t').lines.map(line => [line.node, line.text])).toEqual([['a', 'one'], ['b', 'other'], ['a', 'two']])
    logs.end('t')
    expect(texts(logs.last('t').lines)).toEqual(['one', 'other', 'two', 'three'])
    expect(written.join('')).toMatch(/^\S+Z \[a\] one\n\S+Z \[b\] other\n/)
  })

  it('shows a progress bar as a terminal leaves it', () => {
    const { logs } = make()
    logs.add('t', 'a', '10%\r50%\r\u001B[32m100%\u001B[0m\r\n')
    expect(texts(logs.last('t').lines)).toEqual(['100%'])
  })

  it('keeps the last lines in memory and all of them on disk', () => {
    const { logs, written } = make()
    for (let n = 0; n < 1500; n += 1) logs.add('t', 'a', `${n}\n`)
    const log = logs.last('t', 2)
    expect(log).toMatchObject({ dropped: 1498, file: '/logs/t' })
    expect(texts(log.lines)).toEqual(['1498', '1499'])
    expect(written).toHaveLength(1500)
  })

  it('is followed from its start to its end', async () => {
    const { logs } = make()
    logs.add('t', 'a', 'one\n')
    const seen: string[] = []
    const reading = (async () => {
      for await (const { lines } of logs.follow('t', new AbortController().signal)) seen.push(...texts(lines))
    })()
    await Promise.resolve()
    logs.add('t', 'a', 'two\nthree\n')
    logs.end('t')
    await reading
    expect(seen).toEqual(['one', 'two', 'three'])
  })

  it('tells a reader that is slower than the work what it missed', async () => {
    const { logs } = make()
    const reader = logs.follow('t', new AbortController().signal)[Symbol.asyncIterator]()
    logs.add('t', 'a', '0\n')
    expect((await reader.next()).value).toMatchObject({ dropped: 0 })
    for (let n = 1; n < 1301; n += 1) logs.add('t', 'a', `${n}\n`)
    const { value } = await reader.next() as { value: { dropped: number; lines: { text: string }[] } }
    expect(value.dropped).toBe(300)
    expect(value.lines[0]?.text).toBe('301')
    await reader.return?.()
    expect((await reader.next()).done).toBe(true)
  })

  it('lets a reader go that leaves while it waits', async () => {
    const { logs } = make()
    const abort = new AbortController()
    const reader = logs.follow('t', abort.signal)[Symbol.asyncIterator]()
    const waiting = reader.next()
    abort.abort()
    expect((await waiting).done).toBe(true)
  })
})
