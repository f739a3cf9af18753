import type { TypeOrder, TypeQuery } from '../../../contract/index.ts'

/** The filters as they stand; null and false ask for nothing. */
export interface TypeWish {
  readonly search: string
  readonly minCores: number | null
  readonly minMemoryGib: number | null
  readonly maxPrice: number | null
  readonly cluster: boolean
  readonly efa: boolean
  readonly gpu: boolean
  readonly current: boolean
  readonly sort: TypeOrder
  readonly descending: boolean
}

export const noWish: TypeWish = {
  search: '',
  minCores: null,
  minMemoryGib: null,
  maxPrice: null,
  cluster: false,
  efa: false,
  gpu: false,
  current: false,
  sort: 'mpi',
  descending: false
}

/** The query that filters stand for, of what one zone offers when one is chosen already. */
export function queryOf(wish: TypeWish, region: string, zone: string | null): TypeQuery {
  return {
    region,
    sort: wish.sort,
    ...(zone !== null && { zone }),
    ...(wish.descending && { descending: true }),
    ...(wish.search.trim() !== '' && { search: wish.search }),
    ...(wish.minCores !== null && { minCores: wish.minCores }),
    ...(wish.minMemoryGib !== null && { minMemoryGib: wish.minMemoryGib }),
    ...(wish.maxPrice !== null && { maxPrice: wish.maxPrice }),
    ...(wish.cluster && { cluster: true }),
    ...(wish.efa && { efa: true }),
    ...(wish.gpu && { gpu: true }),
    ...(wish.current && { current: true })
  }
}

/** A column chosen again turns its order round; sizes come largest first, prices and names do not. */
export function sortedBy(wish: TypeWish, sort: TypeOrder): TypeWish {
  if (wish.sort === sort) return { ...wish, descending: !wish.descending }
  return { ...wish, sort, descending: sort === 'cores' || sort === 'memory' }
}
