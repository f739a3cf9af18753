import { useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Output } from '../../contract/index.ts'
import { useClient } from './connection-context.ts'

/** Version, data directory and abilities of the manager; the same for as long as it runs. */
export function useManagerInfo(): UseQueryResult<Output<'manager.info'>> {
  const client = useClient()
  return useQuery({ queryKey: ['manager-info'], queryFn: () => client.call('manager.info', {}), staleTime: Infinity })
}
