import type { RentedKind, Resource } from './resources.ts'
import { ours, rentOrder, removalOrder } from './resources.ts'

/**
 * What is done with a network after its machines are rented, in this order. `reboot` comes first where it is asked
 * for.
 */
export const stages = [
  'reboot', 'open-ssh', 'wait-running', 'pin-host-keys', 'connect', 'configure', 'check-mpi', 'start-evaluator',
  'start-ide'
] as const
export type Stage = (typeof stages)[number]

/** One thing for the services to do. Exactly one is under way at a time; its end comes back as an event. */
export type Effect =
  | { readonly do: 'write-intent'; readonly of: 'network' | RentedKind | 'terminate' }
  | { readonly do: 'rent'; readonly kind: RentedKind }
  /** Look up by tag everything that the network has. */
  | { readonly do: 'find' }
  | { readonly do: 'stage'; readonly stage: Stage }
  | { readonly do: 'remove'; readonly kind: RentedKind; readonly resources: readonly Resource[] }
  | { readonly do: 'mark-running' }
  | { readonly do: 'mark-failed'; readonly rented: readonly Resource[] }
  /** Drop record, key and journal of a network that is entirely gone. */
  | { readonly do: 'forget' }

export type Command = 'launch' | 'repair' | 'reboot' | 'terminate'

export type LifecycleEvent =
  | { readonly type: Command }
  | { readonly type: 'cancel' }
  /** `resources`: what `rent` made or `find` saw. */
  | { readonly type: 'done'; readonly effect: Effect; readonly resources: readonly Resource[] }
  | { readonly type: 'failed'; readonly effect: Effect }

/** A network on its way. Plain data: a crash loses it, and `find` makes it again from the tags. */
export interface Lifecycle {
  readonly networkId: string
  /** What the plan has the network create. */
  readonly wanted: readonly RentedKind[]
  readonly command: Command | null
  readonly goal: 'running' | 'gone' | 'failed' | null
  readonly outcome: 'running' | 'gone' | 'failed' | null
  readonly cancelled: boolean
  /** Intents that are durable in the journal. */
  readonly intended: readonly (RentedKind | 'network' | 'terminate')[]
  readonly looked: boolean
  readonly resources: readonly Resource[]
  readonly rentedInstances: boolean
  readonly passed: readonly Stage[]
}

export interface Step { readonly state: Lifecycle; readonly effects: readonly Effect[] }

export function newLifecycle(networkId: string, wanted: readonly RentedKind[]): Lifecycle {
  return {
    networkId, wanted, command: null, goal: null, outcome: null, cancelled: false, intended: [], looked: false,
    resources: [], rentedInstances: false, passed: []
  }
}

/**
 * The life of a network as a pure rule that holds the money rules: intent is durable before anything is rented, only
 * what carries our tag is ever removed, going away covers everything that was created, and a failure looks up what is
 * still rented before it is told.
 */
export function reduce(state: Lifecycle, event: LifecycleEvent): Step {
  const next = after(state, event)
  const effect = nextEffect(next)
  return { state: next, effects: effect === null ? [] : [effect] }
}

function after(state: Lifecycle, event: LifecycleEvent): Lifecycle {
  switch (event.type) {
    case 'launch': return begin(state, 'launch', 'running')
    case 'repair': return begin(state, 'repair', 'running')
    case 'reboot': return begin(state, 'reboot', 'running')
    case 'terminate': return begin(state, 'terminate', 'gone')
    case 'cancel': return cancel(state)
    case 'done': return done(state, event.effect, event.resources.filter(resource => ours(resource, state.networkId)))
    case 'failed': return failed(state, event.effect)
  }
}

const begin = (state: Lifecycle, command: Command, goal: 'running' | 'gone'): Lifecycle =>
  ({ ...newLifecycle(state.networkId, state.wanted), resources: state.resources, command, goal })

/** A launch takes back everything; a repair only when it rented the machines; removal itself goes on to its end. */
function cancel(state: Lifecycle): Lifecycle {
  if (state.goal !== 'running') return state
  const takesBack = state.command === 'launch' || state.rentedInstances
  return { ...state, cancelled: true, looked: false, goal: takesBack ? 'gone' : 'failed' }
}

function done(state: Lifecycle, effect: Effect, resources: readonly Resource[]): Lifecycle {
  switch (effect.do) {
    case 'write-intent': return { ...state, intended: [...state.intended, effect.of] }
    case 'rent': return {
      ...state, resources: merge(state.resources, resources),
      rentedInstances: state.rentedInstances || effect.kind === 'instances'
    }
    // What was made in this very run counts even when the cloud's lists do not show it yet.
    case 'find': return { ...state, looked: true, resources: merge(state.resources, resources) }
    case 'stage': return { ...state, passed: [...state.passed, effect.stage] }
    case 'remove': {
      const gone = new Set(effect.resources.map(one => one.id))
      return { ...state, resources: state.resources.filter(one => !gone.has(one.id)) }
    }
    case 'mark-running': return { ...state, outcome: 'running' }
    case 'mark-failed': return { ...state, outcome: 'failed' }
    case 'forget': return { ...state, outcome: 'gone' }
  }
}

function failed(state: Lifecycle, effect: Effect): Lifecycle {
  if (effect.do === 'mark-failed') return { ...state, outcome: 'failed' }
  // The list of what is rented could not be had: what we know of is told.
  if (state.goal === 'failed') return { ...state, looked: true }
  return { ...state, goal: 'failed', looked: false }
}

function nextEffect(state: Lifecycle): Effect | null {
  if (state.outcome !== null || state.goal === null) return null
  if (state.goal === 'running') return towardsRunning(state)
  if (state.goal === 'gone') return towardsGone(state)
  return state.looked ? { do: 'mark-failed', rented: state.resources } : { do: 'find' }
}

function towardsRunning(state: Lifecycle): Effect {
  if (state.command !== 'launch' && !state.looked) return { do: 'find' }
  if (state.command === 'launch' && !state.intended.includes('network')) return { do: 'write-intent', of: 'network' }
  const machines = state.resources.some(resource => resource.kind === 'instances')
  // With its machines there, a network has what it was launched with, and nothing more is rented for it.
  if (!machines && state.command !== 'reboot') {
    for (const kind of rentOrder.filter(one => state.wanted.includes(one))) {
      if (state.resources.some(resource => resource.kind === kind)) continue
      return state.intended.includes(kind) ? { do: 'rent', kind } : { do: 'write-intent', of: kind }
    }
  }
  const stage = stages.find(one => !state.passed.includes(one) && (one !== 'reboot' || state.command === 'reboot'))
  return stage === undefined ? { do: 'mark-running' } : { do: 'stage', stage }
}

function towardsGone(state: Lifecycle): Effect {
  if (!state.intended.includes('terminate')) return { do: 'write-intent', of: 'terminate' }
  if (!state.looked) return { do: 'find' }
  for (const kind of removalOrder) {
    const resources = state.resources.filter(resource => resource.kind === kind)
    if (resources.length > 0) return { do: 'remove', kind, resources }
  }
  return { do: 'forget' }
}

function merge(known: readonly Resource[], more: readonly Resource[]): readonly Resource[] {
  return [...known.filter(one => !more.some(other => other.id === one.id)), ...more]
}
