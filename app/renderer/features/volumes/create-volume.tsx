import { Button, NumberInput, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useZones } from '../../data/use-catalogue.ts'
import { text } from '../../strings/index.ts'
import { useVolumeCommand } from './use-volume-command.ts'
import { VolumeDialog } from './volume-dialog.tsx'
import { volumeKinds } from '../../format/volume-kinds.ts'

/** The button that makes a new volume, with its questions. */
export function CreateVolume({ region }: { region: string }): ReactElement {
  const [asking, setAsking] = useState(false)
  const close = (): void => {
    setAsking(false)
  }
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => { setAsking(true) }}>
        {text.volumes.create}
      </Button>
      {asking && <Questions region={region} onClose={close} />}
    </>
  )
}

function Questions({ region, onClose }: { region: string; onClose: () => void }): ReactElement {
  const words = text.volumes
  const create = useVolumeCommand('volumes.create', region)
  const zones = useZones(region)
  const [zone, setZone] = useState<string | null>(null)
  const [size, setSize] = useState<number | string>(20)
  const [type, setType] = useState('gp3')
  const [name, setName] = useState('')
  const place = zone ?? zones.data?.[0]?.name ?? null
  const sizeGib = Number(size)
  return (
    <VolumeDialog
      title={words.create}
      explanation={words.createText}
      action={words.create}
      ready={place !== null && size !== '' && Number.isFinite(sizeGib)}
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={() => {
        if (place === null) return
        const named = name.trim() === '' ? {} : { name: name.trim() }
        create.mutate({ region, zone: place, sizeGib, type, ...named }, { onSuccess: onClose })
      }}
    >
      <TextInput
        data-autofocus
        label={words.fields.name}
        value={name}
        autoComplete="off"
        onChange={(event) => {
          setName(event.currentTarget.value)
        }}
      />
      <Select
        label={words.fields.zone}
        data={(zones.data ?? []).map((one) => one.name)}
        value={place}
        allowDeselect={false}
        onChange={setZone}
      />
      <NumberInput label={words.fields.size} value={size} onChange={setSize} />
      <Select
        label={words.fields.type}
        data={[...volumeKinds]}
        value={type}
        allowDeselect={false}
        onChange={(kind) => {
          setType(kind ?? 'gp3')
        }}
      />
    </VolumeDialog>
  )
}
