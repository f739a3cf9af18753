import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { ReactElement } from 'react'
import type { InstanceType, TypeOrder } from '../../../contract/index.ts'
import { hourly } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import type { TypeWish } from './type-wish.ts'
import classes from './types.module.css'

const rowHeight = 40

interface TypeTableProps {
  readonly types: readonly InstanceType[]
  readonly wish: TypeWish
  readonly chosen: string | null
  readonly onSort: (sort: TypeOrder) => void
  readonly onChoose: (type: string) => void
}

/** Hundreds of types, of which only those in view are rendered. */
export function TypeTable({ types, wish, chosen, onSort, onChoose }: TypeTableProps): ReactElement {
  const scroller = useRef<HTMLElement>(null)
  // Rmada is built without the React compiler, which cannot keep this hook's result.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count: types.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8
  })
  const shown = rows.getVirtualItems()
  const before = shown[0]?.start ?? 0
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0)
  const { columns } = text.types
  const heading = (label: string, sort: TypeOrder, numeric = false): ReactElement => (
    <th
      scope="col"
      className={numeric ? classes.number : undefined}
      aria-sort={wish.sort === sort ? (wish.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className={classes.sort}
        onClick={() => {
          onSort(sort)
        }}
      >
        {label}
        <span aria-hidden>{wish.sort === sort ? (wish.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  )
  return (
    <section ref={scroller} className={classes.scroller} aria-label={text.types.table}>
      <table className={classes.table} aria-rowcount={types.length + 1}>
        <thead>
          <tr>
            {heading(columns.name, 'name')}
            {heading(columns.cores, 'cores', true)}
            <th scope="col" className={classes.number}>
              {columns.vcpus}
            </th>
            {heading(columns.memory, 'memory', true)}
            <th scope="col">{columns.network}</th>
            <th scope="col">{columns.traits}</th>
            {heading(columns.price, 'price', true)}
            {heading(columns.spot, 'spot', true)}
          </tr>
        </thead>
        <tbody>
          <Space height={before} />
          {shown.map(({ index }) => {
            const type = types[index]
            return (
              type && (
                <Row key={type.name} index={index} type={type} chosen={type.name === chosen} onChoose={onChoose} />
              )
            )
          })}
          <Space height={after} />
        </tbody>
      </table>
    </section>
  )
}

/** Stands for the rows that are not rendered. */
function Space({ height }: { height: number }): ReactElement | null {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null
}

interface RowProps {
  readonly index: number
  readonly type: InstanceType
  readonly chosen: boolean
  readonly onChoose: (type: string) => void
}

function Row({ index, type, chosen, onChoose }: RowProps): ReactElement {
  const choose = (): void => {
    onChoose(type.name)
  }
  return (
    <tr aria-rowindex={index + 2} className={classes.row} data-chosen={chosen || undefined} onClick={choose}>
      <th scope="row">
        <button type="button" className={classes.name} aria-pressed={chosen}>
          {type.name}
        </button>
      </th>
      <td className={classes.number}>{type.cores}</td>
      <td className={classes.number}>{type.vcpus}</td>
      <td className={classes.number}>{type.memoryGib} GiB</td>
      <td>{type.network}</td>
      <td>{traitsOf(type)}</td>
      <td className={classes.number}>{hourly(type.pricePerHour)}</td>
      <td className={classes.number}>{hourly(type.spotPricePerHour)}</td>
    </tr>
  )
}

function traitsOf(type: InstanceType): string {
  const { traits } = text.types
  return [
    type.clusterPlacement && traits.cluster,
    type.efa && traits.efa,
    type.gpus > 0 && `${type.gpus} × ${type.gpuNames.join(', ')}`,
    type.burstable && traits.burstable,
    !type.currentGeneration && traits.older
  ]
    .filter((trait) => trait !== false)
    .join(', ')
}
