import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconRefresh, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { Instance, Network } from '../../../contract/index.ts'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ConfirmByName } from '../../ui/confirm-by-name.tsx'

/** What can be done with one node: reboot it, or give it back. */
export function NodeMenu({ network, instance }: { network: Network; instance: Instance }): ReactElement | null {
  const [asking, setAsking] = useState<'reboot' | 'remove' | null>(null)
  const reboot = useCommand('networks.rebootInstances')
  const remove = useCommand('networks.removeNodes')
  const words = text.network
  const up = network.status === 'running' || network.status === 'services-not-running' || network.status === 'failed'
  if (!network.keyHere || !up || instance.state === 'terminated' || instance.state === 'shutting-down') return null
  const command = asking === 'remove' ? remove : reboot
  const name = instance.hostName || instance.id
  const ask = (what: 'reboot' | 'remove') => (): void => {
    reboot.reset()
    remove.reset()
    setAsking(what)
  }
  const close = (): void => {
    setAsking(null)
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={words.nodeActions(name)}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={ask('reboot')}>
            {words.rebootNode}
          </Menu.Item>
          {instance.role === 'slave' && (
            <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={ask('remove')}>
              {words.removeNode}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asking !== null && (
        <ConfirmByName
          title={asking === 'remove' ? words.removeNodeTitle(name) : words.rebootNodeTitle(name)}
          name={network.name}
          action={asking === 'remove' ? words.removeNode : words.rebootNode}
          color={asking === 'remove' ? 'red' : 'harbor'}
          explanation={asking === 'remove' ? words.removeNodeText : words.rebootNodeText}
          busy={command.isPending}
          error={command.error}
          onClose={close}
          onConfirm={() => {
            command.mutate({ name: network.name, instances: [instance.id] }, { onSuccess: close })
          }}
        />
      )}
    </>
  )
}
