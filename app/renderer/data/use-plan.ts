import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { NetworkSpec, Plan } from '../../contract/index.ts'
import { useClient } from './connection-context.ts'

/**
 * What a launch of this spec would create and cost. The last plan stays while the next one is made, so that the page
 * does not flicker with each key; it is never kept for later, because names and capacity change.
 */
export function usePlan(spec: NetworkSpec | null): UseQueryResult<Plan> {
  const client = useClient()
  return useQuery({
    queryKey: ['plan', spec],
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: spec === null ? skipToken : () => client.call('networks.plan', spec)
  })
}
