import { expect, it } from 'vitest'
import { withNews } from './use-task-log.ts'

const lines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ at: '2026-11-20T10:00:00Z', node: 'a', text: String(from + n) }))

it('keeps the last lines of a log and counts those that it lets go', () => {
  const first = withNews({ lines: [], dropped: 0, error: null }, { lines: lines(1500), dropped: 7 })
  expect(first).toMatchObject({ dropped: 7, lines: { length: 1500 } })
  const second = withNews(first, { lines: lines(1000, 1500), dropped: 0 })
  expect(second).toMatchObject({ dropped: 507, lines: { length: 2000 } })
  expect(second.lines.at(-1)?.text).toBe('2499')
})
