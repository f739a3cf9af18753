import { expect, it } from 'vitest'
import { noWish, queryOf, sortedBy } from './type-wish.ts'

it('asks for nothing but the order when nothing is wished', () => {
  expect(queryOf(noWish, 'r', null)).toEqual({ region: 'r', sort: 'mpi' })
  expect(queryOf({ ...noWish, search: '  ' }, 'r', 'r-a')).toEqual({ region: 'r', sort: 'mpi', zone: 'r-a' })
})

it('asks for what is wished, a price of 0 too', () => {
  expect(queryOf({ ...noWish, minCores: 8, maxPrice: 0, gpu: true, search: 'c7', sort: 'spot', descending: true }, 'r', null))
    .toEqual({ region: 'r', sort: 'spot', descending: true, minCores: 8, maxPrice: 0, gpu: true, search: 'c7' })
})

it('turns the order round when a column is chosen again', () => {
  const byPrice = sortedBy(noWish, 'price')
  expect(byPrice).toMatchObject({ sort: 'price', descending: false })
  expect(sortedBy(byPrice, 'price')).toMatchObject({ sort: 'price', descending: true })
  expect(sortedBy(byPrice, 'cores')).toMatchObject({ sort: 'cores', descending: true })
})
