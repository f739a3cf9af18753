import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Output } from '../../contract/index.ts'
import { useClient } from './connection-context.ts'

/** The ways to reach AWS that the manager's computer has; asked anew whenever the page is opened. */
export function useAccounts(): UseQueryResult<Output<'accounts.list'>> {
  const client = useClient()
  return useQuery({ queryKey: ['accounts'], queryFn: () => client.call('accounts.list', {}), staleTime: 0 })
}

/** Whose account a region is reached with; asks nothing while there is no region. */
export function useIdentity(region: string | null): UseQueryResult<Output<'regions.identify'>> {
  const client = useClient()
  return useQuery({
    queryKey: ['identity', region],
    staleTime: 60_000,
    retry: false,
    queryFn: region === null ? skipToken : () => client.call('regions.identify', { region })
  })
}

/** Proxy, time limits and retries. */
export function useConnectionSettings(): UseQueryResult<Output<'connection.get'>> {
  const client = useClient()
  return useQuery({ queryKey: ['connection'], queryFn: () => client.call('connection.get', {}), staleTime: 0 })
}

/** Forgets all that came from AWS by the old way, after the way there changed. */
export function useForgetAnswers(): () => void {
  const queries = useQueryClient()
  return () => {
    const kept = new Set(['manager-info'])
    void queries.invalidateQueries({ predicate: ({ queryKey }) => !kept.has(String(queryKey[0])) })
  }
}
