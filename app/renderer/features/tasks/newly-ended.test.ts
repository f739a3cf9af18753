import { expect, it } from 'vitest'
import type { Task } from '../../../contract/index.ts'
import { newlyEnded } from './newly-ended.ts'

const task = (id: string, state: Task['state']): Task => ({
  id,
  kind: 'launch',
  network: 'n',
  title: `Launch ${id}`,
  state,
  progress: 0,
  message: '',
  steps: [],
  cancellable: true,
  startedAt: '2026-11-20T12:00:00Z',
  endedAt: null,
  error: null
})

it('tells of a task whose end was seen, whatever the end', () => {
  const before = [task('a', 'running'), task('b', 'running'), task('c', 'running'), task('d', 'running')]
  const after = [task('a', 'succeeded'), task('b', 'failed'), task('c', 'cancelled'), task('d', 'running')]
  expect(newlyEnded(before, after).map((one) => one.id)).toEqual(['a', 'b', 'c'])
})

it('does not tell of old ends, at the start or after a reconnection', () => {
  expect(newlyEnded(undefined, [task('a', 'failed')])).toEqual([])
  expect(newlyEnded([task('a', 'failed')], [task('a', 'failed'), task('b', 'succeeded')])).toEqual([])
  expect(newlyEnded([task('a', 'running')], undefined)).toEqual([])
})
