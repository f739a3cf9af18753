import { Select } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { Volume } from '../../../contract/index.ts'
import { useNetworks } from '../../data/use-sets.ts'
import { text } from '../../strings/index.ts'
import { useVolumeCommand } from './use-volume-command.ts'
import { VolumeDialog } from './volume-dialog.tsx'

/** Attaches a volume to the master of a network of its region. */
export function AttachVolume(props: { region: string; volume: Volume; onClose: () => void }): ReactElement {
  const { region, volume, onClose } = props
  const words = text.volumes
  const attach = useVolumeCommand('volumes.attach', region)
  const networks = (useNetworks().items ?? []).filter((one) => one.region === region && one.instances.length > 0)
  const fitting = networks.find((one) => one.zone === volume.zone)
  const [chosen, setChosen] = useState<string | null>(null)
  const network = chosen ?? fitting?.name ?? null
  return (
    <VolumeDialog
      title={words.attach}
      explanation={words.attachText(volume.id)}
      action={words.attach}
      ready={network !== null}
      busy={attach.isPending}
      error={attach.error}
      onClose={onClose}
      onSubmit={() => {
        if (network !== null) attach.mutate({ region, id: volume.id, network }, { onSuccess: onClose })
      }}
    >
      <Select
        data-autofocus
        label={words.fields.network}
        data={networks.map((one) => ({ value: one.name, label: `${one.name} (${one.zone ?? region})` }))}
        value={network}
        allowDeselect={false}
        placeholder={networks.length === 0 ? words.noNetworks : ''}
        onChange={setChosen}
      />
    </VolumeDialog>
  )
}
