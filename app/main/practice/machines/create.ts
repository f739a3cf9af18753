import type { Log } from '../../core/ports/index.ts'
import { assertNever } from '../../core/error.ts'
import type { Backend, Machines } from './machines.ts'
import { createNamespaceMachines } from './namespaces/namespaces.ts'
import { whyNoNamespaces } from './namespaces/probe.ts'
import { createNoneMachines } from './none.ts'
import { createProcessMachines } from './processes/processes.ts'

interface Choice {
  readonly backend: Backend
  readonly available: boolean
  /** What its machines are, or why there are none, in one sentence. */
  readonly explanation: string
}

const explanations = {
  namespaces: 'Every practice machine has an address, processes and a disk of its own on this computer.',
  processes: 'Practice machines are home directories on this computer that share its address; MPI runs all ranks here.',
  none: 'Practice instances have no machines behind them.'
} satisfies Record<Backend, string>

/**
 * The backend that this computer allows, or what the wanted one lacks. Asks the kernel by trying; leaves nothing
 * behind.
 */
export function chooseBackend(wanted: 'auto' | Backend): Choice {
  if (wanted === 'processes' || wanted === 'none') return { backend: wanted, available: true,
    explanation: explanations[wanted] }
  const obstacle = whyNoNamespaces()
  if (obstacle === null) return { backend: 'namespaces', available: true, explanation: explanations.namespaces }
  if (wanted === 'namespaces') return { backend: 'namespaces', available: false, explanation: obstacle }
  return { backend: 'processes', available: true, explanation: `${explanations.processes} ${obstacle}` }
}

/** The machines of one practice cloud; those that an earlier run left in the same state directory are adopted. */
export function createMachines(
  backend: Backend, options: { readonly stateDirectory: string; readonly log: Log }
): Machines {
  switch (backend) {
    case 'namespaces': return createNamespaceMachines(options)
    case 'processes': return createProcessMachines(options)
    case 'none': return createNoneMachines()
    default: return assertNever(backend, 'Unknown backend')
  }
}
