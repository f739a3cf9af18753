import type { Network } from '../../../contract/index.ts'

/** One line of the table: a network and what is told beside it. */
export interface NetworkRow {
  readonly network: Network
  /** Of one instance, from the region's catalogue; null where it is not known. */
  readonly priceEach: number | null
  /** What the task at work on it does just now, or empty. */
  readonly step: string
  /** 0 to 1 while a task is at work, else null. */
  readonly progress: number | null
  readonly practice: boolean
}

export type SortColumn = 'name' | 'status' | 'instances' | 'launched' | 'zone' | 'type' | 'price' | 'total'

export interface Sorting {
  readonly by: SortColumn
  readonly descending: boolean
}

const keys: Readonly<Record<SortColumn, (row: NetworkRow) => string | number | null>> = {
  name: (row) => row.network.name,
  status: (row) => row.network.status,
  instances: (row) => row.network.instances.length,
  launched: (row) => row.network.createdAt,
  zone: (row) => row.network.zone,
  type: (row) => row.network.instanceType,
  price: (row) => row.priceEach,
  total: (row) => row.network.pricePerHour
}

const collator = new Intl.Collator('en', { numeric: true })

/** Sorted rows. What is not known comes last in either direction; equal ones stay in the order of their names. */
export function sortNetworks(rows: readonly NetworkRow[], sorting: Sorting): NetworkRow[] {
  const key = keys[sorting.by]
  return rows.toSorted((one, other) => {
    const a = key(one)
    const b = key(other)
    if (a === null || b === null) return a === b ? byName(one, other) : a === null ? 1 : -1
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
    return order === 0 ? byName(one, other) : sorting.descending ? -order : order
  })
}

function byName(one: NetworkRow, other: NetworkRow): number {
  return collator.compare(one.network.name, other.network.name)
}
