import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPower, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { Network } from '../../../contract/index.ts'
import { useCommand } from '../../data/use-command.ts'
import { counted } from '../../format/count.ts'
import { text } from '../../strings/index.ts'
import { ConfirmByName } from '../../ui/confirm-by-name.tsx'
import { hourly } from '../../format/money.ts'
import { AddNodes } from './add-nodes.tsx'
import { ConfirmedCommand } from './confirmed-command.tsx'
import { OpenIde } from './open-ide.tsx'
import { TakeOver } from './take-over.tsx'
import { SaveImage } from './save-image.tsx'

/** What can be done with a network in its present state. `terminate` is false where another panel offers that. */
export function NetworkActions({ network, terminate }: { network: Network; terminate: boolean }): ReactElement {
  const up = network.status === 'running' || network.status === 'services-not-running'
  return (
    <>
      {network.status === 'running' && network.keyHere && <OpenIde name={network.name} />}
      {!network.keyHere && network.status === 'services-not-running' && <TakeOver name={network.name} />}
      {network.status === 'running' && network.keyHere && <AddNodes network={network} />}
      {network.status === 'running' && network.keyHere && <SaveImage network={network} />}
      {up && network.keyHere && <RebootButton network={network} />}
      {up && network.keyHere && (
        <ConfirmedCommand
          method="networks.stop"
          name={network.name}
          label={text.network.stop}
          icon={<IconPlayerPause size={16} aria-hidden />}
          title={text.network.stopTitle(network.name)}
          explanation={text.network.stopText(
            counted(network.instances.length, 'instance'),
            hourly(network.pricePerHour)
          )}
        />
      )}
      {network.status === 'stopped' && network.keyHere && (
        <ConfirmedCommand
          method="networks.start"
          name={network.name}
          label={text.network.start}
          icon={<IconPlayerPlay size={16} aria-hidden />}
          title={text.network.startTitle(network.name)}
          explanation={text.network.startText(counted(network.instances.length, 'instance'), network.instanceType)}
        />
      )}
      {terminate && <TerminateButton network={network} />}
    </>
  )
}

function RebootButton({ network }: { network: Network }): ReactElement {
  const [asking, setAsking] = useState(false)
  const reboot = useCommand('networks.reboot')
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => {
          reboot.reset()
          setAsking(true)
        }}
      >
        {text.network.reboot}
      </Button>
      {asking && (
        <ConfirmByName
          title={text.network.rebootTitle(network.name)}
          name={network.name}
          action={text.network.reboot}
          color="harbor"
          explanation={text.network.rebootText(counted(network.instances.length, 'instance'))}
          busy={reboot.isPending}
          error={reboot.error}
          onClose={() => {
            setAsking(false)
          }}
          onConfirm={() => {
            reboot.mutate(
              { name: network.name, onFailure: 'ask' },
              {
                onSuccess: () => {
                  setAsking(false)
                }
              }
            )
          }}
        />
      )}
    </>
  )
}

/** Also stands in the failure panel: there terminating is one of the two ways out. */
export function TerminateButton({ network }: { network: Network }): ReactElement {
  const [asking, setAsking] = useState(false)
  const terminate = useCommand('networks.terminate')
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPower size={16} aria-hidden />}
        disabled={network.status === 'terminating'}
        onClick={() => {
          terminate.reset()
          setAsking(true)
        }}
      >
        {text.network.terminate}
      </Button>
      {asking && (
        <ConfirmByName
          title={text.network.terminateTitle(network.name)}
          name={network.name}
          action={text.network.terminate}
          color="red"
          explanation={text.network.terminateText(counted(network.instances.length, 'instance'))}
          busy={terminate.isPending}
          error={terminate.error}
          onClose={() => {
            setAsking(false)
          }}
          onConfirm={() => {
            terminate.mutate(
              { name: network.name },
              {
                onSuccess: () => {
                  setAsking(false)
                }
              }
            )
          }}
        />
      )}
    </>
  )
}
