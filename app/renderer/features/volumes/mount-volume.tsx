import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { text } from '../../strings/index.ts'
import { useVolumeCommand } from './use-volume-command.ts'
import { VolumeDialog } from './volume-dialog.tsx'

interface MountVolumeProps {
  readonly region: string
  readonly id: string
  readonly onClose: () => void
  readonly onNews: (news: string) => void
}

/** Mounts an attached volume, at /shared unless said otherwise. */
export function MountVolume({ region, id, onClose, onNews }: MountVolumeProps): ReactElement {
  const words = text.volumes
  const mount = useVolumeCommand('volumes.mount', region)
  const [path, setPath] = useState('/shared')
  return (
    <VolumeDialog
      title={words.mount}
      explanation={words.mountText}
      action={words.mount}
      ready={path.trim() !== ''}
      busy={mount.isPending}
      error={mount.error}
      onClose={onClose}
      onSubmit={() => {
        mount.mutate({ region, id, path: path.trim() }, {
          onSuccess: (done) => {
            onNews(words.mounted(id, done.path, done.formatted))
            onClose()
          }
        })
      }}
    >
      <TextInput
        data-autofocus
        label={words.fields.path}
        value={path}
        spellCheck={false}
        onChange={(event) => {
          setPath(event.currentTarget.value)
        }}
      />
    </VolumeDialog>
  )
}
