import type { Command, Effect, Stage } from '../../core/lifecycle.ts'
import type { StepPlan } from '../../core/progress.ts'
import type { RentedKind } from '../../core/resources.ts'

const rentSteps: Readonly<Record<RentedKind, StepPlan>> = {
  'key-pair': { name: 'key-pair', title: 'Make and import the key pair', weight: 1 },
  'security-group': { name: 'security-group', title: 'Create the security group', weight: 1 },
  'placement-group': { name: 'placement-group', title: 'Create the placement group', weight: 1 },
  instances: { name: 'instances', title: 'Rent the instances', weight: 2 },
  volume: { name: 'volume', title: 'Make the volume', weight: 1 }
}

const stageSteps: Readonly<Record<Stage, StepPlan>> = {
  reboot: { name: 'reboot', title: 'Reboot the instances', weight: 6 },
  start: { name: 'start', title: 'Start the instances', weight: 3 },
  'open-ssh': { name: 'open-ssh', title: 'Open ssh to this computer', weight: 1 },
  'wait-running': { name: 'wait-running', title: 'Wait until the instances run', weight: 5 },
  'pin-host-keys': { name: 'pin-host-keys', title: 'Read and pin the host keys', weight: 3 },
  connect: { name: 'connect', title: 'Connect to all nodes', weight: 3 },
  configure: { name: 'configure', title: 'Configure all nodes', weight: 6 },
  'mount-volume': { name: 'mount-volume', title: 'Mount the volume on all nodes', weight: 3 },
  'check-mpi': { name: 'check-mpi', title: 'Check MPI over all slots', weight: 3 },
  'start-evaluator': { name: 'start-evaluator', title: 'Start the R evaluator', weight: 3 },
  'start-ide': { name: 'start-ide', title: 'Start the web IDE', weight: 3 }
}

const find: StepPlan = { name: 'find', title: 'Look up what the network has', weight: 1 }
const remove: StepPlan = { name: 'remove', title: 'Terminate the instances and remove what was created', weight: 10 }

const stop: StepPlan = { name: 'stop', title: 'Stop the instances', weight: 5 }
const drop: StepPlan = { name: 'drop', title: 'Give the nodes back', weight: 5 }

/** Begun by the stage `configure`, before its own step. */
const installStep: StepPlan = { name: 'install', title: 'Install what the nodes lack', weight: 8 }

/** The step of a launch that is cancelled. */
export const rollBackStep: StepPlan = { name: 'roll-back', title: 'Remove what was rented', weight: 3 }

/** The steps that a task shows. */
export function stepsOf(command: Command, wanted: readonly RentedKind[], volume: boolean): readonly StepPlan[] {
  const { reboot, start, ...stages } = stageSteps
  const configuring = Object.values(stages).filter(step => volume || step.name !== stageSteps['mount-volume'].name).flatMap(step => step.name === 'configure' ? [installStep, step] : [step])
  switch (command) {
    case 'launch': return [...wanted.map(kind => rentSteps[kind]), ...configuring]
    case 'repair': return [find, ...wanted.map(kind => rentSteps[kind]), ...configuring]
    case 'reboot': return [find, reboot, ...configuring]
    case 'start': return [find, start, ...configuring]
    case 'stop': return [find, stop]
    case 'add-nodes': return [find, rentSteps.instances, ...configuring]
    case 'remove-nodes': return [find, drop, ...configuring]
    case 'terminate': return [find, remove]
  }
}

/** The step that an effect belongs to; null for those that go with the step before. */
export function stepOf(effect: Effect): string | null {
  switch (effect.do) {
    case 'rent': return rentSteps[effect.kind].name
    case 'write-intent': return effect.of === 'network' || effect.of === 'terminate' ? null : rentSteps[effect.of].name
    case 'stage': return stageSteps[effect.stage].name
    case 'find': return find.name
    case 'remove': return remove.name
    case 'stop': return stop.name
    default: return null
  }
}
