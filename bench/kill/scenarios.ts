import type { Input, Task } from '../../app/contract/index.ts'
import type { Manager } from '../../app/main/services/manager.ts'
import { context } from '../../app/main/services/testing/drive.ts'

/** What the manager is killed in. */
export const scenarios = ['launch', 'terminate', 'add-node', 'stop-start'] as const
export type Scenario = (typeof scenarios)[number]

const name = 'killed'

/** Four nodes, the slaves as Spot, with a volume that goes with the network; only on demand can be stopped. */
function specOf(scenario: Scenario, region: string): Input<'networks.launch'> {
  return {
    region, name, instances: 4, instanceType: 'c5.large', zone: 'practice-1a',
    ...(scenario === 'stop-start' ? {} : { spot: 'slaves' as const }),
    volume: { new: { sizeGib: 1, deleteWithNetwork: true } }
  }
}

/** How many instances there may ever be at once. */
export const most: Readonly<Record<Scenario, number>> = { launch: 4, terminate: 4, 'add-node': 5, 'stop-start': 4 }

/** Follows a task; a failure of an undisturbed run is a defect of the bench or of the product. */
async function done(manager: Manager, task: Task): Promise<void> {
  const end = await ended(manager, task.id)
  if (end.state !== 'succeeded') throw new Error(`${task.kind}: ${end.error?.code} ${end.error?.message}`)
}

/** The task once it has ended. */
export async function ended(manager: Manager, id: string): Promise<Task> {
  for await (const event of manager.handlers['tasks.watch']({}, context)) {
    const items = event.kind === 'all' ? event.items : event.kind === 'changed' ? [event.item] : []
    const found = items.find(item => item.id === id)
    if (found && found.state !== 'running') return found
  }
  throw new Error('The stream of tasks ended')
}

/** Brings everything to where the scenario begins, calls `arm`, and does what the scenario is about. */
export async function play(manager: Manager, scenario: Scenario, region: string, arm: () => void): Promise<void> {
  const { handlers } = manager
  const launch = async (): Promise<void> => done(manager, await handlers['networks.launch'](specOf(scenario, region), context))
  if (scenario === 'launch') {
    // What the catalogue asks is no step of a launch.
    await handlers['networks.plan'](specOf(scenario, region), context)
    arm()
    return launch()
  }
  await launch()
  arm()
  switch (scenario) {
    case 'terminate': return done(manager, await handlers['networks.terminate']({ name }, context))
    case 'add-node': return done(manager, await handlers['networks.addNodes']({ name, count: 1 }, context))
    case 'stop-start':
      await done(manager, await handlers['networks.stop']({ name }, context))
      return done(manager, await handlers['networks.start']({ name }, context))
  }
}
