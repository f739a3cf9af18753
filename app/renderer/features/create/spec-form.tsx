import { Grid, NumberInput, Paper, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Plan, Region } from '../../../contract/index.ts'
import { useImages, useInstanceTypes, useZones } from '../../data/use-catalogue.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { withRegion } from './draft.ts'
import type { Draft } from './draft.ts'
import { fieldMessages } from './field-messages.tsx'
import { ImageSelect } from './image-select.tsx'
import { LaunchOptionsForm } from './launch-options-form.tsx'
import { VolumeFields } from './volume-fields.tsx'
import { TypeSelect } from './type-select.tsx'

interface SpecFormProps {
  readonly draft: Draft
  readonly plan: Plan | undefined
  readonly regions: readonly Region[] | undefined
  readonly onChange: (draft: Draft) => void
}

/** The fields of a network. Each shows what the plan says about it; what is left empty shows its default. */
export function SpecForm({ draft, plan, regions, onChange }: SpecFormProps): ReactElement {
  const types = useInstanceTypes(draft.region)
  const images = useImages(draft.region)
  const zones = useZones(draft.region)
  const { fields, hints } = text.create
  const set = (change: Partial<Draft>): void => {
    onChange({ ...draft, ...change })
  }
  const failed = [types, images, zones].find((query) => query.isError)
  return (
    <Paper
      component="form"
      aria-label={text.create.title}
      onSubmit={(event) => {
        event.preventDefault()
      }}
    >
      <Stack>
        {failed !== undefined && (
          <ErrorPanel
            error={failed.error}
            title={fields.region}
            onRetry={() => {
              for (const query of [types, images, zones]) if (query.isError) void query.refetch()
            }}
          />
        )}
        <TextInput
          label={fields.name}
          value={draft.name ?? ''}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            set({ name: event.currentTarget.value })
          }}
          {...fieldMessages(plan, 'name', hints.name)}
        />
        <Select
          label={fields.region}
          value={draft.region}
          allowDeselect={false}
          searchable
          disabled={regions === undefined}
          data={(regions ?? []).map((region) => ({
            value: region.id,
            disabled: region.unavailable !== null,
            label: region.unavailable === null ? region.name : `${region.name} (${text.create.regionUnavailable})`
          }))}
          nothingFoundMessage={text.create.nothingFound}
          onChange={(region) => {
            onChange(withRegion(draft, region))
          }}
          {...fieldMessages(plan, 'region')}
        />
        <VolumeFields
          region={draft.region}
          volume={draft.volume}
          plan={plan}
          onChange={(volume) => {
            set({ volume })
          }}
        />
        <TypeSelect
          types={types.data}
          region={draft.region}
          zone={draft.zone}
          value={draft.instanceType}
          fallback={plan?.spec?.instanceType ?? null}
          messages={fieldMessages(plan, 'instanceType', hints.instanceType)}
          onChange={(instanceType) => {
            set({ instanceType })
          }}
        />
        <Grid>
          <Grid.Col span={{ base: 12, xs: 6 }}>
            <Count
              label={fields.instances}
              value={draft.instances}
              fallback={plan?.spec?.instances}
              messages={fieldMessages(plan, 'instances', hints.instances)}
              onChange={(instances) => {
                set({ instances })
              }}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 12, xs: 6 }}>
            <Count
              label={fields.slotsPerHost}
              value={draft.slotsPerHost}
              fallback={plan?.spec?.slotsPerHost}
              messages={fieldMessages(plan, 'slotsPerHost', hints.slotsPerHost)}
              onChange={(slotsPerHost) => {
                set({ slotsPerHost })
              }}
            />
          </Grid.Col>
        </Grid>
        <ImageSelect
          region={draft.region}
          instanceType={draft.instanceType ?? plan?.spec?.instanceType ?? null}
          value={draft.image}
          plan={plan}
          onChange={(image) => {
            set({ image })
          }}
        />
        <Select
          label={fields.zone}
          clearable
          placeholder={text.create.anyZone}
          value={draft.zone}
          disabled={zones.data === undefined}
          nothingFoundMessage={text.create.nothingFound}
          data={(zones.data ?? []).map((zone) => ({
            value: zone.name,
            label: zone.name,
            disabled: zone.state !== 'available'
          }))}
          onChange={(zone) => {
            set({ zone })
          }}
          {...fieldMessages(plan, 'zone')}
        />
        <TagsInput
          label={fields.packages}
          value={[...draft.packages]}
          splitChars={[',', ' ', ';']}
          acceptValueOnBlur
          spellCheck={false}
          clearButtonProps={{ 'aria-label': text.create.noPackages }}
          onChange={(packages) => {
            set({ packages })
          }}
          {...fieldMessages(plan, 'packages', hints.packages)}
        />
        <LaunchOptionsForm
          options={draft.options}
          plan={plan}
          onChange={(options) => {
            set({ options })
          }}
        />
      </Stack>
    </Paper>
  )
}

interface CountProps {
  readonly label: string
  readonly value: number | null
  readonly fallback: number | undefined
  readonly messages: ReturnType<typeof fieldMessages>
  readonly onChange: (value: number | null) => void
}

/** Takes any number: that it must be whole and in range is for the plan to say, in words. */
function Count({ label, value, fallback, messages, onChange }: CountProps): ReactElement {
  return (
    <NumberInput
      label={label}
      value={value ?? ''}
      placeholder={fallback === undefined ? '' : String(fallback)}
      onChange={(next) => {
        const number = typeof next === 'number' ? next : Number.parseFloat(next)
        onChange(Number.isFinite(number) ? number : null)
      }}
      {...messages}
    />
  )
}
