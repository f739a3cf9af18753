import { Progress, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { text } from '../../strings/index.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { networkTones } from '../../ui/tones.ts'
import type { NetworkRow } from './sort-networks.ts'
import classes from './networks.module.css'

/** The status of a network with what is being done to it. */
export function NetworkState({ row }: { row: NetworkRow }): ReactElement {
  const { network, step, progress } = row
  return (
    <div className={classes.state}>
      <StatusBadge tone={networkTones[network.status]}>{text.networks.status[network.status]}</StatusBadge>
      {progress !== null && (
        <div>
          <Text size="xs" c="dimmed" mt={4} lineClamp={1}>{step}</Text>
          <Progress size={3} mt={4} value={progress * 100} aria-label={`${text.network.progress}: ${network.name}`} />
        </div>
      )}
      {progress === null && network.status === 'failed' && (
        <Text size="xs" c="dimmed" mt={4} lineClamp={2}>{network.message}</Text>
      )}
    </div>
  )
}
