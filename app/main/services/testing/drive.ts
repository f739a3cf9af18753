import type { Input, Task } from '../../../contract/index.ts'
import type { CallContext } from '../../core/handlers.ts'
import { createManager } from '../create-manager.ts'
import type { Manager } from '../manager.ts'
import type { FakePorts } from './fake-ports.ts'

export const context: CallContext = { audience: 'cli', signal: new AbortController().signal }

/** A started manager on fake ports. */
export async function startManager(ports: FakePorts): Promise<Manager> {
  const manager = createManager(ports)
  await manager.start()
  return manager
}

/** The task once it has ended, as a client sees it that follows the stream. */
export async function ended(manager: Manager, task: Task): Promise<Task> {
  for await (const event of manager.handlers['tasks.watch']({}, context)) {
    const items = event.kind === 'all' ? event.items : event.kind === 'changed' ? [event.item] : []
    const found = items.find(item => item.id === task.id)
    if (found && found.state !== 'running') return found
  }
  throw new Error('The stream of tasks ended')
}

/** Launches on the practice region and waits. */
export async function launch(
  manager: Manager, spec: Partial<Input<'networks.launch'>> = {}
): Promise<Task> {
  return ended(manager, await manager.handlers['networks.launch']({ region: 'practice-1', name: 'demo', ...spec },
    context))
}
