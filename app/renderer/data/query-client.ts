import { QueryClient } from '@tanstack/react-query'
import { toClientError } from '../transport/client-error.ts'

/** Errors that a second try may mend by itself; all others are shown at once. */
const passing = new Set(['MANAGER_UNREACHABLE', 'CLOUD_THROTTLED'])

/**
 * `networkMode: 'always'`, because the manager is on this computer: it answers without an internet connection, and
 * TanStack Query's default would wait for one.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && passing.has(toClientError(error).shape.code)
      },
      mutations: { networkMode: 'always', retry: false }
    }
  })
}
