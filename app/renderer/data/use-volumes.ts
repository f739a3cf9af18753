import { skipToken, useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Volume } from '../../contract/index.ts'
import { useClient } from './connection-context.ts'

/** The key under which the volumes of a region are kept; what changes one makes it ask anew. */
export const volumesKey = (region: string | null): readonly [string, string | null] => ['volumes', region]

/** The volumes of a region; asks nothing while there is none. */
export function useVolumes(region: string | null): UseQueryResult<Volume[]> {
  const client = useClient()
  return useQuery({
    queryKey: volumesKey(region),
    retry: false,
    queryFn: region === null ? skipToken : () => client.call('volumes.list', { region })
  })
}
