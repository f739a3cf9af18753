import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { MachineImage, Plan } from '../../../contract/index.ts'
import { useFittingImages, useImages } from '../../data/use-catalogue.ts'
import { text } from '../../strings/index.ts'
import { fieldMessages } from './field-messages.tsx'

interface ImageSelectProps {
  readonly region: string | null
  /** The type that it has to boot on; null while none is known. */
  readonly instanceType: string | null
  readonly value: string | null
  readonly plan: Plan | undefined
  readonly onChange: (image: string | null) => void
}

/**
 * The images of a region. One that does not fit the type cannot be chosen, and says why; an id that is typed in can be,
 * and the plan looks it up.
 */
export function ImageSelect({ region, instanceType, value, plan, onChange }: ImageSelectProps): ReactElement {
  const all = useImages(region)
  const fitting = useFittingImages(region, instanceType)
  const [search, setSearch] = useState('')
  const images: readonly MachineImage[] = fitting.data ?? all.data ?? []
  const reasons = new Map(images.map((image) => [image.id, image.unfit ?? null]))
  const named = [value, /^ami-[0-9a-f]{8,17}$/.test(search) ? search : null]
    .filter((id) => id !== null && !reasons.has(id))
    .filter((id, index, ids) => ids.indexOf(id) === index)
  return (
    <Select
      label={text.create.fields.image}
      searchable
      clearable
      placeholder={text.create.newestImage}
      value={value}
      disabled={all.data === undefined}
      nothingFoundMessage={text.create.nothingFound}
      data={[
        ...images.map((image) => ({
          value: image.id,
          label: `${image.name} (${image.architecture})`,
          disabled: typeof image.unfit === 'string' && image.id !== value
        })),
        ...named.map((id) => ({ value: id ?? '', label: id ?? '' }))
      ]}
      renderOption={({ option }) => (
        <div>
          {option.label}
          {typeof reasons.get(option.value) === 'string' && (
            <Text size="xs">{reasons.get(option.value)}</Text>
          )}
        </div>
      )}
      onSearchChange={setSearch}
      onChange={onChange}
      {...fieldMessages(plan, 'image')}
    />
  )
}
