import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult } from '@tanstack/react-query'
import type { Input, MethodOf, Output } from '../../../contract/index.ts'
import { useClient } from '../../data/connection-context.ts'
import { volumesKey } from '../../data/use-volumes.ts'

type VolumeMethod = Extract<MethodOf<'command'>, `volumes.${string}`>

/** A command on volumes; the list of the region is asked for anew after it, however it ended. */
export function useVolumeCommand<M extends VolumeMethod>(
  method: M, region: string
): UseMutationResult<Output<M>, Error, Input<M>> {
  const client = useClient()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Input<M>) => client.call(method, input),
    onSettled: () => queries.invalidateQueries({ queryKey: volumesKey(region) })
  })
}
