import { useMutation } from '@tanstack/react-query'
import type { UseMutationResult } from '@tanstack/react-query'
import type { Input, MethodOf, Output } from '../../contract/index.ts'
import { useClient } from './connection-context.ts'

/** One command of the contract as a mutation; its effect on networks and tasks comes by their streams. */
export function useCommand<M extends MethodOf<'command'>>(method: M): UseMutationResult<Output<M>, Error, Input<M>> {
  const client = useClient()
  // Nothing of a call is kept when its form is done with it: what was typed in may be a secret.
  return useMutation({ mutationFn: (input: Input<M>) => client.call(method, input), gcTime: 0 })
}
