import { Paper, Title } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Network } from '../../../contract/index.ts'
import { useRegions } from '../../data/use-catalogue.ts'
import { daily, hourly } from '../../format/money.ts'
import { exact } from '../../format/time.ts'
import { text } from '../../strings/index.ts'
import { Facts } from '../../ui/facts.tsx'

/** What a network was launched with, what was made for it, and its price. */
export function NetworkFacts({ network }: { network: Network }): ReactElement {
  const words = text.network.facts
  const region = useRegions().data?.find((one) => one.id === network.region)
  const none = text.general.none
  return (
    <Paper component="section" aria-labelledby="details">
      <Title order={2} id="details" mb="md">
        {text.network.details}
      </Title>
      <Facts
        of={[
          [
            words.price,
            network.pricePerHour === null ? none : `${hourly(network.pricePerHour)}, ${daily(network.pricePerHour)}`
          ],
          [words.priceSource, network.priceSource ?? none],
          [words.launched, exact(network.createdAt)],
          [words.region, region === undefined ? network.region : `${region.name} (${region.id})`],
          [words.zone, network.zone ?? text.networks.anyZone],
          [words.type, network.instanceType],
          [words.image, network.image],
          [words.slots, String(network.slotsPerHost)],
          [words.key, network.keyName ?? none],
          [words.securityGroup, network.securityGroup ?? none],
          [words.placementGroup, network.placementGroup ?? none]
        ]}
      />
    </Paper>
  )
}
