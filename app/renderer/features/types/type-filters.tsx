import { Checkbox, Group, NumberInput, Select, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import type { TypeOrder } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import type { TypeWish } from './type-wish.ts'

interface TypeFiltersProps {
  readonly wish: TypeWish
  readonly onChange: (wish: TypeWish) => void
}

/** What a type must have, and the order of the list. Empty fields ask for nothing. */
export function TypeFilters({ wish, onChange }: TypeFiltersProps): ReactElement {
  const words = text.types
  const set = (change: Partial<TypeWish>): void => {
    onChange({ ...wish, ...change })
  }
  const number = (label: string, key: 'minCores' | 'minMemoryGib' | 'maxPrice'): ReactElement => (
    <NumberInput
      label={label}
      w={150}
      min={0}
      hideControls
      value={wish[key] ?? ''}
      onChange={(value) => {
        set({ [key]: typeof value === 'number' ? value : null })
      }}
    />
  )
  const onOff = (label: string, key: 'cluster' | 'efa' | 'gpu' | 'current'): ReactElement => (
    <Checkbox
      label={label}
      checked={wish[key]}
      onChange={(event) => {
        set({ [key]: event.currentTarget.checked })
      }}
    />
  )
  return (
    <>
      <Group gap="sm" align="flex-end">
        <TextInput
          label={words.search}
          placeholder={words.searchHint}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          style={{ flex: '1 1 180px' }}
          value={wish.search}
          onChange={(event) => {
            set({ search: event.currentTarget.value })
          }}
        />
        {number(words.minCores, 'minCores')}
        {number(words.minMemory, 'minMemoryGib')}
        {number(words.maxPrice, 'maxPrice')}
        <Select
          label={words.order}
          w={170}
          allowDeselect={false}
          value={wish.sort}
          data={orders.map((value) => ({ value, label: words.orders[value] }))}
          onChange={(value) => {
            const sort = orders.find((order) => order === value)
            if (sort !== undefined) set({ sort, descending: false })
          }}
        />
      </Group>
      <Group gap="lg" mt="sm">
        {onOff(words.cluster, 'cluster')}
        {onOff(words.efa, 'efa')}
        {onOff(words.gpu, 'gpu')}
        {onOff(words.current, 'current')}
      </Group>
    </>
  )
}

const orders: readonly TypeOrder[] = ['mpi', 'price', 'spot', 'price-per-core', 'cores', 'memory', 'name']
