import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent, ReactElement } from 'react'
import type { Network } from '../../../contract/index.ts'
import { useCommand } from '../../data/use-command.ts'
import { daily, hourly } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

/** Rents more nodes, once it was said what they cost. */
export function AddNodes({ network }: { network: Network }): ReactElement {
  const [asking, setAsking] = useState(false)
  const [count, setCount] = useState<number | string>(1)
  const add = useCommand('networks.addNodes')
  const words = text.network
  const running = network.instances.filter((one) => one.state === 'running').length
  const each = network.pricePerHour === null || running === 0 ? null : network.pricePerHour / running
  const whole = typeof count === 'number' && Number.isInteger(count) && count > 0
  const more = whole && each !== null ? each * count : null
  const close = (): void => {
    setAsking(false)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (whole && !add.isPending) add.mutate({ name: network.name, count }, { onSuccess: close })
  }
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => {
          add.reset()
          setAsking(true)
        }}
      >
        {words.addNodes}
      </Button>
      {asking && (
        <Modal opened onClose={close} title={words.addNodesTitle(network.name)} closeButtonProps={{ 'aria-label': text.general.close }}>
          <form onSubmit={submit}>
            <Stack>
              <NumberInput data-autofocus label={words.addNodesCount} value={count} min={1} max={999} allowDecimal={false} onChange={setCount} />
              <Text size="sm" aria-live="polite">
                {words.addNodesCost(network.instanceType, hourly(more), daily(more))}
              </Text>
              {add.error !== null && <ErrorPanel error={add.error} title={words.addNodes} />}
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={close}>
                  {text.general.cancel}
                </Button>
                <Button type="submit" disabled={!whole} loading={add.isPending}>
                  {words.addNodes}
                </Button>
              </Group>
            </Stack>
          </form>
        </Modal>
      )}
    </>
  )
}
