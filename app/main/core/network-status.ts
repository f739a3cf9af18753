import type { InstanceState, NetworkStatus } from '../../contract/index.ts'
import type { Command } from './lifecycle.ts'

/** Everything the status of a network follows from. */
export interface StatusFacts {
  /** The task at work on it. */
  readonly activity: Command | null
  /** States of the instances that the launch made, those that EC2 still shows as terminated included. */
  readonly instances: readonly { readonly id: string; readonly state: InstanceState; readonly reason: string }[]
  /** How many the launch asked for. */
  readonly expected: number
  /** Whether this computer has a record of it; false for networks found by tag alone. */
  readonly recorded: boolean
  readonly keyHere: boolean
  readonly configured: boolean
  readonly failure: string | null
  readonly terminating: boolean
  /** What the last look at evaluator and machines gave: null before the first. */
  readonly servicesUp: boolean | null
  /** Why the instances could not be listed; null when they were. */
  readonly unseen: string | null
}

/** The status of a network with one sentence on it; the sentence is empty when it runs. */
export function networkStatus(facts: StatusFacts): { readonly status: NetworkStatus; readonly message: string } {
  const alive = facts.instances.filter(one => one.state !== 'terminated' && one.state !== 'shutting-down')
  if (facts.activity !== null) return duringTask(facts, alive.length)
  if (facts.terminating) {
    return { status: 'failed', message: facts.failure ?? 'Terminating did not come to its end: terminate it again.' }
  }
  if (facts.unseen !== null) {
    return { status: facts.configured ? 'services-not-running' : 'failed', message: facts.failure ?? facts.unseen }
  }
  if (alive.length === 0) {
    if (facts.instances.some(one => one.state === 'shutting-down')) {
      return { status: 'terminating', message: 'The instances shut down.' }
    }
    if (!facts.recorded && facts.failure === null) return { status: 'terminated', message: 'All instances ended.' }
    const advice = 'All its instances ended: terminate it to remove what is left.'
    return { status: 'failed', message: facts.failure ?? advice }
  }
  if (!facts.configured && facts.recorded) {
    return { status: 'failed', message: facts.failure ?? 'The launch was interrupted: repair or terminate it.' }
  }
  const ended = facts.instances.find(one => !alive.includes(one))
  if (ended || alive.length < facts.expected) {
    const which = ended ? ` ${ended.id} ended${ended.reason ? ` (${ended.reason})` : ''}` : ''
    const left = `Only ${alive.length} of ${facts.expected} instances are left.`
    return { status: 'failed', message: which ? `${left}${which}.` : left }
  }
  if (alive.some(one => one.state === 'stopped' || one.state === 'stopping')) {
    const stopped = alive.filter(one => one.state !== 'running').length
    const which = stopped === alive.length ? 'Its instances' : `${stopped} of its ${alive.length} instances`
    return { status: 'stopped', message: `${which} are stopped. While stopped they cost nothing, but their disks do.` }
  }
  if (alive.some(one => one.state === 'pending')) return { status: 'pending', message: 'The instances start.' }
  if (!facts.keyHere) {
    return {
      status: 'services-not-running',
      message: 'It was launched from another computer, which holds its key; from here it can only be terminated.'
    }
  }
  if (facts.failure !== null) return { status: 'services-not-running', message: facts.failure }
  if (facts.servicesUp === null) return { status: 'configuring', message: 'Looking whether its services answer.' }
  if (!facts.servicesUp) return { status: 'services-not-running', message: 'Its services do not answer: repair it.' }
  return { status: 'running', message: '' }
}

function duringTask(facts: StatusFacts, alive: number): { status: NetworkStatus; message: string } {
  switch (facts.activity) {
    case 'terminate': return { status: 'terminating', message: 'It is being terminated.' }
    case 'stop': return { status: 'stopped', message: 'Its instances are being stopped.' }
    case 'reboot': return { status: 'rebooting', message: 'Its instances reboot.' }
    default: {
      const started = alive > 0 && alive >= facts.expected && facts.instances.every(one => one.state === 'running')
      return started
        ? { status: 'configuring', message: 'Its nodes are being configured.' }
        : { status: 'pending', message: 'Its instances are being started.' }
    }
  }
}
