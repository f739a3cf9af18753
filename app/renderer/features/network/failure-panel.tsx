import { Button, Group, Stack, Text } from '@mantine/core'
import { IconTool } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { ErrorShape, Network, Rented, Task } from '../../../contract/index.ts'
import { useCommand } from '../../data/use-command.ts'
import { hourly, sumPrices } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { TaskLogButton } from '../tasks/task-log.tsx'
import { TerminateButton } from './network-actions.tsx'
import { Steps } from './progress-panel.tsx'

/** What went wrong, what is still rented and what that costs, and the two ways out: repair or terminate. */
export function FailurePanel({ network, task }: { network: Network; task: Task | undefined }): ReactElement {
  const repair = useCommand('networks.repair')
  const words = text.network
  const error: ErrorShape = task?.error ?? {
    code: 'CONFIGURE_FAILED',
    message: network.message || words.servicesDown,
    suggestion: words.repairOrTerminate
  }
  return (
    <ErrorPanel error={error} title={words.failedTitle}>
      {task !== undefined && task.steps.some((step) => step.state === 'failed') && (
        <Steps steps={task.steps.filter((step) => step.state === 'failed')} />
      )}
      {error.stillRented !== undefined && <StillRented things={error.stillRented} />}
      {repair.isError && <ErrorPanel error={repair.error} title={words.repair} />}
      <Group gap="xs">
        {network.keyHere && network.instances.length > 0 && (
          <Button
            leftSection={<IconTool size={16} aria-hidden />}
            loading={repair.isPending}
            onClick={() => {
              repair.mutate({ name: network.name, onFailure: 'ask' })
            }}
          >
            {words.repair}
          </Button>
        )}
        <TerminateButton network={network} />
        {task !== undefined && <TaskLogButton task={task} size="sm" />}
      </Group>
    </ErrorPanel>
  )
}

function StillRented({ things }: { things: readonly Rented[] }): ReactElement {
  const words = text.network
  const price = sumPrices(things.map((thing) => thing.pricePerHour))
  if (things.length === 0) return <Text size="sm">{words.nothingRented}</Text>
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {words.stillRented}. {price === null ? words.stillRentedUnknown : words.stillRentedCost(hourly(price))}
      </Text>
      <Text component="ul" size="sm" m={0} pl="lg" className="numeric">
        {things.map((thing) => (
          <li key={thing.id}>
            {words.rentedKinds[thing.kind]} {thing.id}
            {thing.pricePerHour !== null && thing.pricePerHour > 0 && `, ${hourly(thing.pricePerHour)}`}
          </li>
        ))}
      </Text>
    </Stack>
  )
}
