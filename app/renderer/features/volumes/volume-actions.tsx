import { ActionIcon, Menu, Modal } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { Volume } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import { ConfirmByName } from '../../ui/confirm-by-name.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { AttachVolume } from './attach-volume.tsx'
import { MountVolume } from './mount-volume.tsx'
import { useVolumeCommand } from './use-volume-command.ts'

interface VolumeActionsProps {
  readonly region: string
  readonly volume: Volume
  readonly onNews: (news: string) => void
}

/** What can be done with one volume in its present state. */
export function VolumeActions({ region, volume, onNews }: VolumeActionsProps): ReactElement {
  const { id } = volume
  const words = text.volumes
  const [open, setOpen] = useState<'attach' | 'mount' | 'delete' | null>(null)
  const unmount = useVolumeCommand('volumes.unmount', region)
  const detach = useVolumeCommand('volumes.detach', region)
  const snapshot = useVolumeCommand('volumes.snapshot', region)
  const remove = useVolumeCommand('volumes.delete', region)
  const failed = [unmount, detach, snapshot].find((one) => one.error !== null)
  const close = (): void => {
    setOpen(null)
  }
  const attached = volume.attachedTo !== null
  const ofNetwork = volume.attachedTo !== null && volume.attachedTo.network !== null
  return (
    <>
      <Menu withinPortal position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="default"
            aria-label={words.actionsOf(id)}
            loading={unmount.isPending || detach.isPending || snapshot.isPending}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={volume.state !== 'available'} onClick={() => { setOpen('attach') }}>
            {words.attach}
          </Menu.Item>
          <Menu.Item disabled={!ofNetwork || volume.mountedAt !== null} onClick={() => { setOpen('mount') }}>
            {words.mount}
          </Menu.Item>
          <Menu.Item
            disabled={volume.mountedAt === null}
            onClick={() => {
              unmount.mutate({ region, id }, { onSuccess: () => { onNews(words.unmounted(id)) } })
            }}
          >
            {words.unmount}
          </Menu.Item>
          <Menu.Item
            disabled={!attached}
            onClick={() => {
              detach.mutate({ region, id }, { onSuccess: () => { onNews(words.detached(id)) } })
            }}
          >
            {words.detach}
          </Menu.Item>
          <Menu.Item
            disabled={volume.state !== 'available' && volume.state !== 'in-use'}
            onClick={() => {
              snapshot.mutate({ region, id }, { onSuccess: (made) => { onNews(words.snapshotBegun(made.id, id)) } })
            }}
          >
            {words.snapshot}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="red"
            disabled={attached || volume.state === 'creating'}
            onClick={() => {
              remove.reset()
              setOpen('delete')
            }}
          >
            {words.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {failed !== undefined && (
        <Modal
          opened
          title={words.actionsOf(id)}
          closeButtonProps={{ 'aria-label': text.general.close }}
          onClose={() => {
            failed.reset()
          }}
        >
          <ErrorPanel error={failed.error} title={words.title} />
        </Modal>
      )}
      {open === 'attach' && <AttachVolume region={region} volume={volume} onClose={close} />}
      {open === 'mount' && <MountVolume region={region} id={id} onClose={close} onNews={onNews} />}
      {open === 'delete' && (
        <ConfirmByName
          title={words.deleteTitle(id)}
          name={id}
          label={words.typeId}
          action={words.delete}
          color="red"
          explanation={words.deleteText(volume.ours)}
          busy={remove.isPending}
          error={remove.error}
          onClose={close}
          onConfirm={() => {
            remove.mutate({ region, id, confirm: id }, { onSuccess: close })
          }}
        />
      )}
    </>
  )
}
