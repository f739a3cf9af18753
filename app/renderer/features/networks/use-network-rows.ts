import { useQueries } from '@tanstack/react-query'
import type { Network, Task } from '../../../contract/index.ts'
import { useClient } from '../../data/connection-context.ts'
import { useRegions } from '../../data/use-catalogue.ts'
import { useNetworks, useTasks } from '../../data/use-sets.ts'
import type { NetworkRow } from './sort-networks.ts'

/** The networks, each with the price of one instance and what is at work on it. Undefined until they are known. */
export function useNetworkRows(): NetworkRow[] | undefined {
  const { items } = useNetworks()
  const tasks = useTasks().items ?? []
  const regions = useRegions().data ?? []
  const priceOf = useTypePrices(items ?? [])
  return items?.map((network) => {
    const task = tasks.find((one) => one.network === network.name && one.state === 'running')
    return {
      network,
      priceEach: priceOf(network),
      step: task === undefined ? '' : currentStep(task),
      progress: task?.progress ?? null,
      practice: regions.some((region) => region.id === network.region && region.kind === 'practice')
    }
  })
}

/** What a task does just now, in its own words. */
function currentStep(task: Task): string {
  return task.steps.find((step) => step.state === 'running')?.title ?? task.message
}

function useTypePrices(networks: readonly Network[]): (network: Network) => number | null {
  const client = useClient()
  const regions = [...new Set(networks.map((network) => network.region))]
  const catalogues = useQueries({
    queries: regions.map((region) => ({
      queryKey: ['instance-types', region],
      staleTime: 5 * 60_000,
      queryFn: () => client.call('catalogue.instanceTypes', { region })
    }))
  })
  return (network) => {
    const types = catalogues[regions.indexOf(network.region)]?.data
    return types?.find((type) => type.name === network.instanceType)?.pricePerHour ?? null
  }
}
