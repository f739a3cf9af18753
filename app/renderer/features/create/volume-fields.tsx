import { Checkbox, Fieldset, NumberInput, SegmentedControl, Select, Stack } from '@mantine/core'
import type { ReactElement } from 'react'
import type { NetworkVolume, Plan } from '../../../contract/index.ts'
import { useVolumes } from '../../data/use-volumes.ts'
import { text } from '../../strings/index.ts'
import { volumeKinds } from '../../format/volume-kinds.ts'
import { fieldMessages } from './field-messages.tsx'

interface VolumeFieldsProps {
  readonly region: string | null
  readonly volume: NetworkVolume | null
  readonly plan: Plan | undefined
  readonly onChange: (volume: NetworkVolume | null) => void
}

const usualGib = 20

/** The volume that the network is to see at /shared. First in the form, because an existing one settles the zone. */
export function VolumeFields({ region, volume, plan, onChange }: VolumeFieldsProps): ReactElement {
  const words = text.volumes.section
  const which = volume === null ? 'none' : 'id' in volume ? 'existing' : 'new'
  const messages = fieldMessages(plan, 'volume')
  return (
    <Fieldset legend={words.title} variant="unstyled">
      <Stack gap="sm">
        <SegmentedControl
          aria-label={words.which}
          fullWidth
          value={which}
          data={[
            { value: 'none', label: words.none },
            { value: 'existing', label: words.existing },
            { value: 'new', label: words.new }
          ]}
          onChange={(next) => {
            if (next === 'none') onChange(null)
            else onChange(next === 'existing' ? { id: '' } : { new: { sizeGib: usualGib } })
          }}
        />
        {volume !== null && 'id' in volume && (
          <Existing region={region} id={volume.id} messages={messages} onChange={(id) => { onChange({ id }) }} />
        )}
        {volume !== null && 'new' in volume && (
          <>
            <NumberInput
              label={words.size}
              value={volume.new.sizeGib}
              onChange={(size) => {
                onChange({ new: { ...volume.new, sizeGib: Number(size) } })
              }}
              {...messages}
            />
            <Select
              label={words.type}
              data={[...volumeKinds]}
              value={volume.new.type ?? 'gp3'}
              allowDeselect={false}
              onChange={(type) => {
                onChange({ new: { ...volume.new, type: type ?? 'gp3' } })
              }}
            />
            <Checkbox
              label={words.delete}
              description={words.deleteHint}
              checked={volume.new.deleteWithNetwork ?? false}
              onChange={(event) => {
                onChange({ new: { ...volume.new, deleteWithNetwork: event.currentTarget.checked } })
              }}
            />
          </>
        )}
      </Stack>
    </Fieldset>
  )
}

interface ExistingProps {
  readonly region: string | null
  readonly id: string
  readonly messages: ReturnType<typeof fieldMessages>
  readonly onChange: (id: string) => void
}

function Existing({ region, id, messages, onChange }: ExistingProps): ReactElement {
  const volumes = useVolumes(region)
  return (
    <Select
      label={text.volumes.section.choose}
      searchable
      value={id === '' ? null : id}
      disabled={volumes.data === undefined}
      nothingFoundMessage={text.create.nothingFound}
      data={(volumes.data ?? []).filter((one) => !one.root).map((one) => ({
        value: one.id,
        label: `${one.name === '' ? one.id : `${one.name} (${one.id})`}, ${text.volumes.size(one.sizeGib)}, ${one.zone}`,
        disabled: one.state !== 'available'
      }))}
      onChange={(next) => {
        onChange(next ?? '')
      }}
      {...messages}
    />
  )
}
