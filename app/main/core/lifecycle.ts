import type { Choice } from '../../contract/index.ts'
import { choicesFor } from './choices.ts'
import type { Standing, Trouble } from './choices.ts'
import type { RentedKind, Resource } from './resources.ts'
import { ours, rentOrder, removalOrder } from './resources.ts'

/**
 * What is done with a network after its machines are rented, in this order. `reboot` or `start` comes first where it
 * is asked for.
 */
export const stages = [
  'reboot', 'start', 'open-ssh', 'wait-running', 'pin-host-keys', 'connect', 'configure', 'mount-volume', 'check-mpi',
  'start-evaluator', 'start-ide'
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
  /** Ask what to do after this effect failed: by then what is rented has been looked up. */
  | { readonly do: 'ask'; readonly failed: Effect; readonly choices: readonly Choice[]; readonly rented: readonly Resource[] }
  /** Put on disk what was chosen, before anything is given up or rented for it. */
  | { readonly do: 'write-choice'; readonly decision: Decision }
  /** Give up single nodes: terminate exactly these. */
  | { readonly do: 'drop'; readonly resources: readonly Resource[] }
  /** Stop the machines; their disks and everything else stay. */
  | { readonly do: 'stop' }
  | { readonly do: 'mark-running' }
  | { readonly do: 'mark-failed'; readonly rented: readonly Resource[] }
  /** Drop record, key and journal of a network that is entirely gone. */
  | { readonly do: 'forget' }

/** What follows from a choice. */
export interface Decision {
  /** How many nodes the network is to have from now on. */
  readonly nodes: number
  /** Ids that belong to the network no more, terminated or about to be. */
  readonly givenUp: readonly string[]
  /** What to rent: `count`, or where the cloud has fewer at least `atLeast`. */
  readonly rental: { readonly count: number; readonly atLeast: number } | null
  /** Another zone than before, for all nodes; null: no change. */
  readonly zone: string | null
  readonly onDemand: boolean
  /** Nodes that count only once they are rented: until then the network is whole without them. */
  readonly later?: number | undefined
}

export type Command = 'launch' | 'repair' | 'reboot' | 'stop' | 'start' | 'add-nodes' | 'remove-nodes' | 'terminate'

export type LifecycleEvent =
  /**
   * `decision`: which nodes `add-nodes` and `remove-nodes` are about. `givenUp`: nodes that an interrupted task gave up;
   * they go first if they are still there.
   */
  | { readonly type: Command; readonly decision?: Decision | undefined; readonly givenUp?: readonly string[] | undefined }
  | { readonly type: 'cancel' }
  /** `resources`: what `rent` made or `find` saw. */
  | { readonly type: 'done'; readonly effect: Effect; readonly resources: readonly Resource[] }
  /** With `trouble` it is asked what to do; without, the command has failed. */
  | { readonly type: 'failed'; readonly effect: Effect; readonly trouble?: Trouble | undefined }
  | { readonly type: 'choose'; readonly choice: Choice; readonly zone?: string | undefined }

/** A network on its way. Plain data: a crash loses it, and `find` makes it again from the tags. */
export interface Lifecycle {
  readonly networkId: string
  /** What the plan has the network create. */
  readonly wanted: readonly RentedKind[]
  readonly command: Command | null
  readonly goal: 'running' | 'choosing' | 'stopped' | 'gone' | 'failed' | null
  readonly outcome: 'running' | 'stopped' | 'gone' | 'failed' | null
  readonly cancelled: boolean
  /** Intents that are durable in the journal. */
  readonly intended: readonly (RentedKind | 'network' | 'terminate')[]
  readonly looked: boolean
  /** A launch, too, has to look before it goes on. */
  readonly mustLook: boolean
  readonly resources: readonly Resource[]
  readonly rentedInstances: boolean
  readonly passed: readonly Stage[]
  /** What it is asked about while the goal is `choosing`, and whether the look at what is rented went well. */
  readonly trouble: (Trouble & { readonly failed: Effect; readonly certain: boolean }) | null
  /** A choice that is not on disk yet. */
  readonly decision: Decision | null
  /** Ids of nodes that are given up and perhaps not gone yet. */
  readonly dropping: readonly string[]
  /** Ids of things whose removal failed, so that nobody knows whether it took place. */
  readonly leaving: readonly string[]
  /** How many instances a choice wants rented beyond those that are there. */
  readonly missing: number
}

export interface Step { readonly state: Lifecycle; readonly effects: readonly Effect[] }

export function newLifecycle(networkId: string, wanted: readonly RentedKind[]): Lifecycle {
  return {
    networkId, wanted, command: null, goal: null, outcome: null, cancelled: false, intended: [], looked: false,
    mustLook: false,
    resources: [], rentedInstances: false, passed: [], trouble: null, decision: null, dropping: [], leaving: [], missing: 0
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
    case 'terminate': return begin(state, event, 'gone')
    case 'stop': return begin(state, event, 'stopped')
    case 'launch': case 'repair': case 'reboot': case 'start': case 'add-nodes': case 'remove-nodes':
      return begin(state, event, 'running')
    case 'cancel': return cancel(state)
    case 'done': return done(state, event.effect, event.resources.filter(resource => ours(resource, state.networkId)))
    case 'failed': return failed(state, event.effect, event.trouble)
    case 'choose': return choose(state, event.choice, event.zone ?? null)
  }
}

function begin(
  state: Lifecycle, event: Extract<LifecycleEvent, { type: Command }>, goal: 'running' | 'stopped' | 'gone'
): Lifecycle {
  const { type: command, decision = null, givenUp = [] } = event
  return {
    ...newLifecycle(state.networkId, state.wanted), resources: state.resources, command, goal, decision,
    dropping: goal === 'running' ? [...new Set([...givenUp, ...decision?.givenUp ?? []])] : [],
    missing: decision?.rental?.count ?? 0
  }
}

/** A launch takes back everything; a repair only when it rented the machines; removal itself goes on to its end. */
function cancel(state: Lifecycle): Lifecycle {
  if (state.goal !== 'running' && state.goal !== 'choosing') return state
  return { ...state, cancelled: true, looked: false, goal: takesBack(state) ? 'gone' : 'failed' }
}

/** Whether everything there is was rented for this very command. */
const takesBack = (state: Lifecycle): boolean => state.command === 'launch' || state.rentedInstances

function done(state: Lifecycle, effect: Effect, resources: readonly Resource[]): Lifecycle {
  switch (effect.do) {
    case 'write-intent': return { ...state, intended: [...state.intended, effect.of] }
    case 'rent': return {
      ...state, resources: merge(state.resources, resources),
      // Single nodes that were rented for others do not make the whole network this command's to take back.
      rentedInstances: state.rentedInstances || (effect.kind === 'instances' && state.missing === 0),
      missing: effect.kind === 'instances' ? 0 : state.missing
    }
    // What was made in this very run counts even when the cloud's lists do not show it yet; what was asked to go and is
    // not shown has gone. Instances are never taken for gone by their absence: they cost the most.
    case 'find': {
      const seen = new Set(resources.map(one => one.id))
      const known = state.resources.filter(one => seen.has(one.id) || !state.leaving.includes(one.id))
      return { ...state, looked: true, resources: merge(known, resources) }
    }
    case 'stage': return { ...state, passed: [...state.passed, effect.stage] }
    case 'remove': {
      const gone = new Set(effect.resources.map(one => one.id))
      return { ...state, resources: state.resources.filter(one => !gone.has(one.id)) }
    }
    case 'ask': return state
    case 'write-choice': return { ...state, decision: null }
    case 'drop': {
      const gone = new Set(effect.resources.map(one => one.id))
      return {
        ...state, resources: state.resources.filter(one => !gone.has(one.id)),
        dropping: state.dropping.filter(id => !gone.has(id))
      }
    }
    case 'stop': return { ...state, outcome: 'stopped' }
    case 'mark-running': return { ...state, outcome: 'running' }
    case 'mark-failed': return { ...state, outcome: 'failed' }
    case 'forget': return { ...state, outcome: 'gone' }
  }
}

function failed(before: Lifecycle, effect: Effect, trouble: Trouble | undefined): Lifecycle {
  const leaving = effect.do === 'remove' && effect.kind !== 'instances' ? effect.resources.map(one => one.id) : []
  const state = { ...before, leaving: [...before.leaving, ...leaving] }
  if (effect.do === 'mark-failed') return { ...state, outcome: 'failed' }
  if (state.goal === 'choosing' && state.trouble && effect.do === 'find') {
    return { ...state, looked: true, trouble: { ...state.trouble, certain: false } }
  }
  if (state.goal === 'running' && trouble) {
    return { ...state, goal: 'choosing', looked: false, trouble: { ...trouble, failed: effect, certain: true } }
  }
  // The list of what is rented could not be had: what we know of is told.
  if (state.goal === 'failed') return { ...state, looked: true }
  return { ...state, goal: 'failed', looked: false }
}

const instancesOf = (state: Lifecycle): readonly Resource[] => state.resources.filter(one => one.kind === 'instances')

/** Nodes that are neither in trouble nor given up. */
function healthyIn(state: Lifecycle, trouble: Trouble): readonly Resource[] {
  return instancesOf(state).filter(one => !trouble.nodes.includes(one.id) && !state.dropping.includes(one.id))
}

/** What can be chosen now; nothing unless it is asked. */
function choicesIn(state: Lifecycle): readonly Choice[] {
  const { trouble } = state
  if (state.goal !== 'choosing' || trouble === null) return []
  const { failed } = trouble
  const standing: Standing = {
    trouble, certain: trouble.certain, renting: failed.do === 'rent' && failed.kind === 'instances',
    launching: state.command === 'launch', takesBack: takesBack(state), healthy: healthyIn(state, trouble).length
  }
  return choicesFor(standing)
}

/** What was not offered is taken for `stop`: nothing is rented or given up by mistake. */
function choose(state: Lifecycle, choice: Choice, zone: string | null): Lifecycle {
  const { trouble } = state
  if (state.goal !== 'choosing' || trouble === null) return state
  const onwards = { ...state, goal: 'running' as const, trouble: null }
  const taken = choicesIn(state).includes(choice) ? choice : 'stop'
  switch (taken) {
    // What could not be looked up is looked up first: it may be there already.
    case 'wait': return trouble.certain ? onwards : { ...onwards, looked: false, mustLook: true }
    case 'roll-back': return { ...onwards, goal: 'gone', looked: false }
    case 'stop': return { ...onwards, goal: 'failed' }
    case 'replace': case 'on-demand': case 'continue': case 'other-zone': return decide(onwards, trouble, taken, zone)
  }
}

function decide(
  state: Lifecycle, trouble: Trouble, choice: 'replace' | 'on-demand' | 'continue' | 'other-zone', zone: string | null
): Lifecycle {
  const healthy = choice === 'other-zone' ? [] : healthyIn(state, trouble)
  const dropping = instancesOf(state).filter(one => !healthy.includes(one)).map(one => one.id)
  const fewer = choice === 'continue'
  const count = fewer && healthy.length > 0 ? 0 : trouble.expected - healthy.length
  return {
    ...state, dropping, missing: count,
    decision: {
      nodes: count === 0 ? healthy.length : trouble.expected,
      givenUp: [...new Set([...trouble.nodes, ...dropping])],
      rental: count === 0 ? null : { count, atLeast: fewer ? 1 : count },
      zone: choice === 'other-zone' ? zone : null, onDemand: choice === 'on-demand'
    },
    // Another rental is another intent.
    intended: state.intended.filter(one => one !== 'instances'),
    passed: state.passed.filter(one => stages.indexOf(one) < stages.indexOf('wait-running'))
  }
}

function nextEffect(state: Lifecycle): Effect | null {
  if (state.outcome !== null || state.goal === null) return null
  if (state.goal === 'running') return towardsRunning(state)
  if (state.goal === 'gone') return towardsGone(state)
  if (state.goal === 'stopped') return state.looked ? { do: 'stop' } : { do: 'find' }
  if (state.goal === 'choosing') return towardsChoice(state)
  return state.looked ? { do: 'mark-failed', rented: state.resources } : { do: 'find' }
}

function towardsChoice(state: Lifecycle): Effect {
  if (!state.looked || state.trouble === null) return { do: 'find' }
  return { do: 'ask', failed: state.trouble.failed, choices: choicesIn(state), rented: state.resources }
}

/** Commands that rent the machines of a network that has none. */
const rentsMachines: ReadonlySet<Command | null> = new Set<Command>(['launch', 'repair'])

/** The one command that a stage belongs to; null: all. */
const stageOnlyOf = (stage: Stage): Command | null => stage === 'reboot' || stage === 'start' ? stage : null

function towardsRunning(state: Lifecycle): Effect {
  if ((state.command !== 'launch' || state.mustLook) && !state.looked) return { do: 'find' }
  if (state.command === 'launch' && !state.intended.includes('network')) return { do: 'write-intent', of: 'network' }
  if (state.decision !== null) return { do: 'write-choice', decision: state.decision }
  const dropping = instancesOf(state).filter(one => state.dropping.includes(one.id))
  if (dropping.length > 0) return { do: 'drop', resources: dropping }
  const machines = instancesOf(state).length > 0
  // With its machines there, a network has what it was launched with, and nothing more is rented for it.
  if (state.missing > 0 || (!machines && rentsMachines.has(state.command))) {
    for (const kind of rentOrder.filter(one => state.wanted.includes(one))) {
      const more = kind === 'instances' && state.missing > 0
      if (!more && state.resources.some(resource => resource.kind === kind)) continue
      return state.intended.includes(kind) ? { do: 'rent', kind } : { do: 'write-intent', of: kind }
    }
  }
  // A volume serves one zone, so it is made where the machines turned out to stand.
  if (state.wanted.includes('volume') && rentsMachines.has(state.command)
    && !state.resources.some(resource => resource.kind === 'volume')) {
    return state.intended.includes('volume') ? { do: 'rent', kind: 'volume' } : { do: 'write-intent', of: 'volume' }
  }
  const stage = stages.find(one => !state.passed.includes(one) && (stageOnlyOf(one) ?? state.command) === state.command)
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
