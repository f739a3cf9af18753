import { Button, Group, Select, Text } from '@mantine/core'
import type { SelectProps } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { InstanceType } from '../../../contract/index.ts'
import { counted } from '../../format/count.ts'
import { hourly } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import { TypeChooser } from '../types/type-chooser.tsx'
import type { fieldMessages } from './field-messages.tsx'
import classes from './create.module.css'

/** As many as a list can show without becoming slow; typing narrows it down. */
const shown = 60

interface TypeSelectProps {
  readonly types: readonly InstanceType[] | undefined
  readonly region: string | null
  readonly zone: string | null
  readonly value: string | null
  /** What the plan takes when nothing is chosen. */
  readonly fallback: string | null
  readonly messages: ReturnType<typeof fieldMessages>
  readonly onChange: (type: string | null) => void
}

/** The instance types with what decides between them: cores, memory, price. */
export function TypeSelect({ types, region, zone, value, fallback, messages, onChange }: TypeSelectProps): ReactElement {
  const [comparing, setComparing] = useState(false)
  const byName = new Map((types ?? []).map((type) => [type.name, type]))
  const chosen = byName.get(value ?? fallback ?? '')
  const renderOption: NonNullable<SelectProps['renderOption']> = ({ option }) => {
    const type = byName.get(option.value)
    return type === undefined ? option.label : <Option type={type} />
  }
  return (
    <div>
      <Select
        label={text.create.fields.instanceType}
        searchable
        clearable
        limit={shown}
        value={value}
        placeholder={fallback ?? text.create.defaultType}
        disabled={types === undefined}
        nothingFoundMessage={text.create.nothingFound}
        data={(types ?? []).map((type) => type.name)}
        renderOption={renderOption}
        onChange={onChange}
        {...messages}
      />
      <Group justify="space-between" gap="xs" mt={5}>
        <Text size="xs" c="dimmed" className="numeric">
          {chosen !== undefined && `${specification(chosen)} · ${priceText(chosen)}`}
        </Text>
        <Button
          variant="subtle"
          size="compact-xs"
          disabled={region === null || types === undefined}
          onClick={() => {
            setComparing(true)
          }}
        >
          {text.types.open}
        </Button>
      </Group>
      {comparing && region !== null && (
        <TypeChooser
          region={region}
          zone={zone}
          value={value ?? fallback}
          onClose={() => {
            setComparing(false)
          }}
          onUse={(type) => {
            setComparing(false)
            onChange(type)
          }}
        />
      )}
    </div>
  )
}

function Option({ type }: { type: InstanceType }): ReactElement {
  return (
    <span className={classes.type}>
      <span className={classes.typeName}>{type.name}</span>
      <span className={classes.typeSpec}>{specification(type)}</span>
      <span className={classes.typePrice}>{hourly(type.pricePerHour)}</span>
    </span>
  )
}

function priceText({ pricePerHour, spotPricePerHour }: InstanceType): string {
  return spotPricePerHour === null
    ? hourly(pricePerHour)
    : text.create.withSpot(hourly(pricePerHour), hourly(spotPricePerHour))
}

function specification(type: InstanceType): string {
  return text.create.typeSpec(counted(type.vcpus, 'vCPU'), counted(type.cores, 'core'), `${type.memoryGib} GiB`)
}
