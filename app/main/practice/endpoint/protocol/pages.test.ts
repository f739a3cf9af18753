import { expect, it } from 'vitest'
import { page } from './pages.ts'
import { Parameters } from './parameters.ts'

const read = (items: readonly number[], size: number, token: string | null) =>
  page(
    Parameters.of([['MaxResults', String(size)], ...(token === null ? [] : [['NextToken', token] as const])]),
    items,
    (item) => item,
    { least: 5, most: 100 }
  )

it('shows every item once, in order, also when some vanish and others come between two pages', () => {
  const items = [9, 1, 8, 2, 7, 3, 6, 4, 5, 10, 11]
  const first = read(items, 5, null)
  expect(first.items).toEqual([1, 2, 3, 4, 5])
  // The last item of the first page is gone, and a new one has come.
  const second = read([...items.filter((item) => item !== 5 && item !== 7), 12], 5, first.nextToken)
  expect(second.items).toEqual([6, 8, 9, 10, 11])
  expect(read([...items, 12], 5, second.nextToken)).toEqual({ items: [12], nextToken: null })
})

it('gives no token with the last page, even when it is full', () => {
  expect(read([1, 2, 3, 4, 5], 5, null).nextToken).toBeNull()
})

it.each(['x', Buffer.from('{"after":-1}').toString('base64url'), Buffer.from('{"after":"1"}').toString('base64url')])(
  'refuses the token %s',
  (token) => {
    expect(() => read([1], 5, token)).toThrow('Unable to parse pagination token')
  }
)
