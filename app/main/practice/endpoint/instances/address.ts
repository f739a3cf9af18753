import type { MachineAddress } from '../../machines/machines.ts'
import type { State } from '../state.ts'

/** The tag by which clients find the ssh port of a practice machine, which shares its address with others or not. */
const sshPortTag = 'rmada:ssh-port'

/** Notes where a machine is, on the instance and in its tag. */
export function rememberAddress(draft: State, id: string, address: MachineAddress): void {
  const instance = draft.instances.find((candidate) => candidate.id === id)
  if (!instance) return
  instance.address = { ...address }
  draft.tags[id] = { ...draft.tags[id], [sshPortTag]: String(address.sshPort) }
}
