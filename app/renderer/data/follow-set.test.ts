import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Client, ErrorShape } from '../../contract/index.ts'
import { followSets, setKeys, streamErrorKey } from './follow-set.ts'

interface Opened {
  method: string
  send: (event: unknown) => void
  end: (error: ErrorShape | null) => void
  closed: boolean
}

const lost: ErrorShape = { code: 'MANAGER_UNREACHABLE', message: 'Lost.', suggestion: 'Wait.' }
let opened: Opened[]
let cache: QueryClient
let stop: () => void

const client: Client = {
  call: () => Promise.reject(new Error('Nothing is called here')),
  subscribe: (method, _input, onEvent, onEnd) => {
    const one: Opened = { method, send: onEvent as (event: unknown) => void, end: onEnd, closed: false }
    opened.push(one)
    return {
      close: () => {
        one.closed = true
      }
    }
  }
}
const of = (method: string): Opened[] => opened.filter((one) => one.method === method)

beforeEach(() => {
  vi.useFakeTimers()
  opened = []
  cache = new QueryClient()
  stop = followSets(client, cache)
})
afterEach(() => {
  stop()
  cache.clear()
  vi.useRealTimers()
})

it('puts what each stream sends under its own key', () => {
  of('networks.watch')[0]?.send({ kind: 'all', items: [{ id: 'n' }] })
  of('tasks.watch')[0]?.send({ kind: 'all', items: [] })
  of('tasks.watch')[0]?.send({ kind: 'changed', item: { id: 't' } })
  expect(cache.getQueryData(setKeys.networks)).toEqual([{ id: 'n' }])
  expect(cache.getQueryData(setKeys.tasks)).toEqual([{ id: 't' }])
})

it('keeps the last set and tells the error while a stream is down, and opens it again after growing pauses', () => {
  of('networks.watch')[0]?.send({ kind: 'all', items: [{ id: 'n' }] })
  of('networks.watch')[0]?.end(lost)
  expect(cache.getQueryData(setKeys.networks)).toEqual([{ id: 'n' }])
  expect(cache.getQueryData(streamErrorKey('networks'))).toEqual(lost)
  vi.advanceTimersByTime(500)
  expect(of('networks.watch')).toHaveLength(2)
  of('networks.watch')[1]?.end(lost)
  vi.advanceTimersByTime(900)
  expect(of('networks.watch')).toHaveLength(2)
  vi.advanceTimersByTime(100)
  of('networks.watch')[2]?.send({ kind: 'all', items: [] })
  expect(cache.getQueryData(streamErrorKey('networks'))).toBeNull()
  expect(cache.getQueryData(setKeys.networks)).toEqual([])
  expect(of('tasks.watch')).toHaveLength(1)
})

it('stops for good', () => {
  of('tasks.watch')[0]?.end(lost)
  stop()
  vi.advanceTimersByTime(60_000)
  expect(of('tasks.watch')).toHaveLength(1)
  expect(of('networks.watch')[0]?.closed).toBe(true)
})
