import { Progress, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Network } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { networkTones } from '../../ui/tones.ts'
import type { NetworkRow } from './sort-networks.ts'

/** The status of a network in one word. */
export function NetworkStatusBadge({ network }: { network: Network }): ReactElement {
  return <StatusBadge tone={networkTones[network.status]}>{text.networks.status[network.status]}</StatusBadge>
}

/** What is being done to a network just now, or why it failed; nothing when there is nothing to say. */
export function NetworkStep({ row }: { row: NetworkRow }): ReactElement | null {
  const { network, step, progress } = row
  if (progress !== null) {
    return (
      <div>
        <Text size="xs" c="dimmed" mt={4} lineClamp={1}>
          {step}
        </Text>
        <Progress size={3} mt={4} value={progress * 100} aria-label={`${text.network.progress}: ${network.name}`} />
      </div>
    )
  }
  const troubled = network.status === 'failed' || network.status === 'services-not-running'
  return troubled ? (
    <Text size="xs" c="dimmed" mt={4} lineClamp={2}>
      {network.message}
    </Text>
  ) : null
}
