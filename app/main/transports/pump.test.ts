import { expect, it, vi } from 'vitest'
import { RmadaError } from '../core/error.ts'
import { createEventQueue } from './event-queue.ts'
import { pump } from './pump.ts'

it('carries all events in order and ends with null', async () => {
  const sent: unknown[] = []
  async function* source() { yield* [1, 2, 3] }
  expect(await pump(source(), new AbortController().signal, async (event) => { sent.push(event) })).toBeNull()
  expect(sent).toEqual([1, 2, 3])
})

it('pulls the next event only when the last was taken', async () => {
  let pulled = 0
  async function* source() { for (;;) yield ++pulled }
  const stop = new AbortController()
  const never = vi.fn(() => new Promise<void>(() => undefined))
  const done = pump(source(), stop.signal, never)
  await vi.waitFor(() => { expect(never).toHaveBeenCalledOnce() })
  expect(pulled).toBe(1)
  stop.abort()
  expect(await done).toBeNull()
})

it('ends at once when stopped, though the source is silent, and tells the source', async () => {
  const onClose = vi.fn()
  const stop = new AbortController()
  const done = pump(createEventQueue(onClose), stop.signal, async () => undefined)
  stop.abort()
  expect(await done).toBeNull()
  expect(onClose).toHaveBeenCalledOnce()
})

it('ends with the error of the source', async () => {
  const queue = createEventQueue<number>(() => undefined)
  queue.push(1)
  queue.end(new RmadaError('SSH_LOST', 'It broke.', { suggestion: 'Again.' }))
  const sent: unknown[] = []
  expect(
    await pump(queue, new AbortController().signal, async (event) => {
      sent.push(event)
    })
  ).toMatchObject({ code: 'SSH_LOST' })
  expect(sent).toEqual([1])
})

it('a reader that does not keep up loses the stream, not the memory', async () => {
  const queue = createEventQueue<number>(() => undefined)
  for (let i = 0; i < 20_000; i++) queue.push(i)
  expect(await pump(queue, new AbortController().signal, async () => undefined)).toMatchObject({ code: 'TIMEOUT' })
})
