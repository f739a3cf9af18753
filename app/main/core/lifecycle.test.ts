import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Choice } from '../../contract/index.ts'
import type { Trouble } from './choices.ts'
import type { Command, Decision, Effect, Lifecycle } from './lifecycle.ts'
import { newLifecycle, reduce, stages } from './lifecycle.ts'
import { networkIdTag } from './resource-names.ts'
import type { RentedKind, Resource } from './resources.ts'
import { rentOrder, wantedKinds } from './resources.ts'

const own = 'net-1'
const wanted = rentOrder

const resource = (kind: RentedKind, id: string, networkId = own): Resource =>
  ({ kind, id, name: id, tags: { [networkIdTag]: networkId } })

function must(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(`A money rule is broken: ${otherwise}`)
}

/** A cloud and a disk that do what the effects say, can fail or crash at any of them, and keep what must be true. */
class World {
  readonly cloud = new Map<string, Resource>()
  readonly journal = new Set<string>()
  recorded = false
  configured = false
  told: readonly Resource[] | null = null
  removed: string[] = []
  /** What the record on disk says: how many nodes, and the rental that is meant, with its token. */
  expected = 3
  rental = { token: 'first', count: 3, atLeast: 3 }
  givenUp: readonly string[] = []
  later = 0
  stopped = false
  #made = 0
  /** RunInstances is idempotent by its token. */
  readonly #byToken = new Map<string, readonly Resource[]>()

  /** What the user had before: not ours, whatever it is called, and never to be touched. */
  constructor() {
    for (const kind of rentOrder) {
      this.cloud.set(`user-${kind}`, { kind, id: `user-${kind}`, name: 'rmada-net-1', tags: {} })
      this.cloud.set(`other-${kind}`, resource(kind, `other-${kind}`, 'net-2'))
    }
  }

  #rentInstances(): readonly Resource[] {
    const known = this.#byToken.get(this.rental.token)
    if (known) return known.filter(one => this.cloud.has(one.id))
    const made = Array.from({ length: this.rental.count }, () => resource('instances', `made-${this.#made++}`))
    for (const one of made) this.cloud.set(one.id, one)
    this.#byToken.set(this.rental.token, made)
    this.expected += this.later
    this.later = 0
    must(this.nodes().length <= this.expected, 'rented more nodes than were asked for')
    return made
  }

  nodes(): Resource[] {
    return this.ours().filter(one => one.kind === 'instances')
  }

  ours(): Resource[] {
    return [...this.cloud.values()].filter(one => one.tags[networkIdTag] === own)
  }

  perform(effect: Effect): readonly Resource[] {
    switch (effect.do) {
      case 'write-intent':
        this.journal.add(effect.of)
        if (effect.of === 'network') this.recorded = true
        return []
      case 'rent': {
        // Money rule 2: what is about to be rented is on disk.
        must(this.journal.has('network') && this.journal.has(effect.kind), 'rented without an intent')
        if (effect.kind === 'instances') return this.#rentInstances()
        must(!this.ours().some(one => one.kind === effect.kind), 'rented twice')
        const made = resource(effect.kind, `made-${this.#made++}`)
        this.cloud.set(made.id, made)
        return [made]
      }
      case 'ask': return []
      case 'write-choice': {
        const { nodes, rental, givenUp } = effect.decision
        must(nodes >= 1, 'decided on a network without nodes')
        this.expected = nodes
        this.givenUp = [...this.givenUp, ...givenUp]
        this.later = effect.decision.later ?? 0
        if (rental) this.rental = { ...rental, token: `token-${this.#made++}` }
        return []
      }
      case 'drop':
        for (const one of effect.resources) {
          must(one.tags[networkIdTag] === own && one.kind === 'instances', 'dropped what is not a node of ours')
          must(this.givenUp.includes(one.id), 'dropped a node before that was on disk')
          this.cloud.delete(one.id)
        }
        return []
      // A list that also shows what is not ours: the reducer must not take it.
      case 'find': return [...this.cloud.values()]
      case 'stage':
        must(this.ours().some(one => one.kind === 'instances'), 'worked on machines that are not there')
        return []
      case 'remove':
        must(this.journal.has('terminate'), 'removed without an intent')
        for (const one of effect.resources) {
          // Money rule 3: only what carries our tag.
          must(one.tags[networkIdTag] === own, 'removed what is not ours')
          const machinesLeft = this.ours().some(left => left.kind === 'instances')
          must(one.kind === 'instances' || !machinesLeft, 'removed a group before the instances in it')
          this.cloud.delete(one.id)
          this.removed.push(one.id)
        }
        return []
      case 'stop':
        must(this.ours().length > 0, 'stopped what is not there')
        this.stopped = true
        return []
      case 'mark-running': this.configured = true; return []
      case 'mark-failed': this.told = effect.rented; return []
      case 'forget':
        this.journal.clear()
        this.recorded = false
        this.configured = false
        return []
    }
  }
}

/**
 * How each effect in turn goes: well, refused, refused after it took place, cancelled before it, or the manager dies.
 */
type Fate = 'well' | 'refused' | 'late' | 'cancel' | 'crash' | 'crash-after' | 'no-capacity' | 'stuck-node'
const fates = fc.array(fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fate>('well') },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Fate>(
      'refused', 'late', 'cancel', 'crash', 'crash-after', 'no-capacity', 'no-capacity', 'stuck-node', 'stuck-node')
  }
), { maxLength: 40 })
/** What is chosen at each question in turn, sensible there or not. */
const answers = fc.array(fc.constantFrom(...Choice.options), { maxLength: 6 })

/** Fails an effect as the services do: with trouble when somebody can be asked. */
function troubleOf(world: World, how: Fate, asks: boolean): Trouble | undefined {
  if (!asks) return undefined
  const [first] = world.nodes()
  return {
    nodes: how === 'stuck-node' && first ? [first.id] : [], expected: world.expected, spot: true,
    refused: how === 'no-capacity' ? 'capacity' : null
  }
}

/** As the services make it: two nodes more, or the last one less. */
function decisionFor(world: World, command: Command): Decision | undefined {
  const nodes = world.nodes().filter(one => !world.givenUp.includes(one.id))
  if (command === 'add-nodes') {
    return {
      nodes: world.expected, later: 2, givenUp: [], rental: { count: 2, atLeast: 2 }, zone: null, onDemand: false
    }
  }
  const leaving = nodes.slice(1).slice(-1).map(one => one.id)
  return command === 'remove-nodes'
    ? { nodes: nodes.length - leaving.length, givenUp: leaving, rental: null, zone: null, onDemand: false } : undefined
}

function run(
  world: World, command: Command, fate: readonly Fate[], choices: readonly Choice[] = []
): { state: Lifecycle; crashed: boolean; effects: Effect[]; turns: number[] } {
  let step = reduce(newLifecycle(own, wanted), { type: command, decision: decisionFor(world, command), givenUp: world.givenUp })
  const effects: Effect[] = []
  /** At which turn each effect was, as a cancel takes a turn of its own. */
  const turns: number[] = []
  let asked = 0
  for (let turn = 0; step.effects[0] !== undefined; turn += 1) {
    // Every command comes to an end.
    expect(turn).toBeLessThan(160)
    expect(step.effects).toHaveLength(1)
    const effect = step.effects[0]
    const how = fate[turn] ?? 'well'
    if (how === 'crash') return { state: step.state, crashed: true, effects, turns }
    if (how === 'cancel') {
      const before = step.state.goal
      step = reduce(step.state, { type: 'cancel' })
      if (before === 'running' || before === 'choosing') continue
    }
    effects.push(effect)
    turns.push(turn)
    const trouble = troubleOf(world, how, asked < choices.length)
    if (effect.do === 'ask') {
      const choice = choices[asked] ?? 'stop'
      asked += 1
      must(effect.choices.length > 0, 'asked without a choice')
      step = reduce(step.state, { type: 'choose', choice })
      continue
    }
    const touchesNodes = effect.do === 'stage' && world.nodes().length > 0
    const rents = effect.do === 'rent' && effect.kind === 'instances'
    if (how === 'refused' || (how === 'no-capacity' && rents) || (how === 'stuck-node' && touchesNodes)) {
      step = reduce(step.state, { type: 'failed', effect, trouble })
      continue
    }
    const resources = world.perform(effect)
    if (how === 'crash-after') return { state: step.state, crashed: true, effects, turns }
    // The answer was lost on its way: the thing is there, and nobody was told its id.
    step = how === 'late'
      ? reduce(step.state, { type: 'failed', effect, trouble })
      : reduce(step.state, { type: 'done', effect, resources })
  }
  return { state: step.state, crashed: false, effects, turns }
}

const commands = fc.array(fc.tuple(fc.constantFrom<Command>(
  'repair', 'reboot', 'stop', 'start', 'add-nodes', 'remove-nodes', 'terminate'
), fates, answers), { maxLength: 4 })
const untouched = rentOrder.flatMap(kind => [`user-${kind}`, `other-${kind}`])

describe('money rules, whatever fails, is cancelled or crashes', () => {
  it('holds: terminating in the end removes all of ours and nothing else', () => {
    fc.assert(fc.property(fates, answers, commands, (launch, choices, more) => {
      const world = new World()
      run(world, 'launch', launch, choices)
      for (const [command, fate, replies] of more) {
        // As the services do: what has no record and nothing in the cloud cannot be named.
        if (!world.recorded && world.ours().length === 0) continue
        if (command !== 'terminate' && (!world.recorded || world.journal.has('terminate'))) continue
        // Only a repair or a removal can be asked for without nodes.
        if (!['repair', 'terminate'].includes(command) && (!world.configured || world.nodes().length === 0)) continue
        world.journal.add('network')
        run(world, command, fate, replies)
      }
      // Rule 2: whatever is rented now is found by the next start, by record or journal.
      expect(world.ours().length === 0 || world.recorded || world.journal.size > 0).toBe(true)

      const end = run(world, 'terminate', [])
      expect(end.state.outcome).toBe('gone')
      expect(world.ours()).toEqual([])
      expect([...world.cloud.keys()].toSorted()).toEqual(untouched.toSorted())
      expect(world.journal.size).toBe(0)
    }), { numRuns: 1500 })
  })

  it('holds: what runs after choices has exactly the nodes that were decided on, and nothing given up is left', () => {
    fc.assert(fc.property(fates, answers, (fate, choices) => {
      const world = new World()
      const { state } = run(world, 'launch', fate, choices)
      if (state.outcome !== 'running') return
      expect(world.nodes()).toHaveLength(world.expected)
      expect(world.nodes().filter(one => world.givenUp.includes(one.id))).toEqual([])
    }), { numRuns: 1500 })
  })

  it('holds: after rolling back nothing is left', () => {
    fc.assert(fc.property(fc.nat(16), fc.constantFrom<Fate>('refused', 'no-capacity', 'stuck-node', 'late'), (at, how) => {
      const world = new World()
      const { state } = run(world, 'launch', [...Array.from({ length: at }, (): Fate => 'well'), how], ['roll-back'])
      expect([state.outcome, world.ours().length === 0]).toEqual(state.outcome === 'gone' ? ['gone', true] : ['running', false])
    }))
  })

  it('holds: a failure tells all that is rented, and no more', () => {
    fc.assert(fc.property(fates, answers, (fate, choices) => {
      const world = new World()
      const { state, crashed, effects, turns } = run(world, 'launch', fate, choices)
      if (crashed || state.outcome !== 'failed' || world.told === null) return
      // Who chose to stop was told by the question, right after its look.
      const lookedAt = effects.findLastIndex(effect => effect.do === 'find')
      expect(effects.slice(lookedAt).map(effect => effect.do).filter(one => one !== 'ask')).toEqual(['find', 'mark-failed'])
      const ids = (list: readonly Resource[]) => list.map(one => one.id).toSorted()
      const lookWentWell = !['refused', 'late'].includes(fate[turns[lookedAt] ?? -1] ?? 'well')
      // What was given up just now may be told although it is gone; the services look at its state.
      const told = world.told.filter(one => world.cloud.has(one.id) || !world.givenUp.includes(one.id))
      expect(ids(lookWentWell ? told : world.ours())).toEqual(ids(world.ours()))
      expect(world.told.every(one => one.tags[networkIdTag] === own)).toBe(true)
    }), { numRuns: 400 })
  })

  it('holds: a cancelled launch leaves nothing', () => {
    fc.assert(fc.property(fc.nat(20), at => {
      const world = new World()
      const fate = Array.from({ length: at }, (): Fate => 'well')
      const { state } = run(world, 'launch', [...fate, 'cancel'])
      // Past its end there is nothing to cancel.
      expect([state.outcome, state.cancelled]).toEqual(world.ours().length === 0 ? ['gone', true] : ['running', false])
    }))
  })

  it('holds: repairing after a crash rents nothing twice and comes to the end', () => {
    fc.assert(fc.property(fc.nat(24), fc.constantFrom<Fate>('crash', 'crash-after'), (at, how) => {
      const world = new World()
      run(world, 'launch', [...Array.from({ length: at }, (): Fate => 'well'), how])
      if (!world.recorded) return
      const { state } = run(world, 'repair', [])
      expect(state.outcome).toBe('running')
      expect(world.ours().filter(one => one.kind === 'instances')).toHaveLength(3)
    }))
  })
})

describe('the order of things', () => {
  const effectsOf = (command: Command, world = new World()) => run(world, command, []).effects
    .map(effect => effect.do === 'stage' ? effect.stage : effect.do === 'rent' || effect.do === 'remove'
      ? `${effect.do} ${effect.kind}` : effect.do)

  it('of a launch', () => {
    expect(effectsOf('launch')).toEqual([
      'write-intent', 'write-intent', 'rent key-pair', 'write-intent', 'rent security-group', 'write-intent',
      'rent placement-group', 'write-intent', 'rent instances', 'write-intent', 'rent volume', 'open-ssh', 'wait-running', 'pin-host-keys', 'connect',
      'configure', 'mount-volume', 'check-mpi', 'start-evaluator', 'start-ide', 'mark-running'
    ])
  })

  it('of a reboot: nothing is rented, and all stages pass again', () => {
    const world = new World()
    run(world, 'launch', [])
    expect(effectsOf('reboot', world)).toEqual(['find', ...stages.filter(one => one !== 'start'), 'mark-running'])
  })

  it('of a stop and a start: nothing is rented or given back', () => {
    const world = new World()
    run(world, 'launch', [])
    const before = world.ours()
    expect(effectsOf('stop', world)).toEqual(['find', 'stop'])
    expect(effectsOf('start', world)).toEqual(['find', ...stages.filter(one => one !== 'reboot'), 'mark-running'])
    expect(world.ours()).toEqual(before)
  })

  it('of nodes that come and go: the choice is on disk before anything is rented or given up', () => {
    const world = new World()
    run(world, 'launch', [])
    const configuring = [...stages.filter(one => one !== 'reboot' && one !== 'start'), 'mark-running']
    expect(effectsOf('add-nodes', world))
      .toEqual(['find', 'write-choice', 'write-intent', 'rent instances', ...configuring])
    expect([world.nodes().length, world.expected]).toEqual([5, 5])
    expect(effectsOf('remove-nodes', world)).toEqual(['find', 'write-choice', 'drop', ...configuring])
    expect([world.nodes().length, world.expected]).toEqual([4, 4])
  })

  it('of the next command after a removal that was interrupted: what was given up goes first', () => {
    const world = new World()
    run(world, 'launch', [])
    run(world, 'remove-nodes', ['well', 'crash-after'])
    expect([world.nodes().length, world.expected]).toEqual([3, 2])
    expect(effectsOf('repair', world).slice(0, 2)).toEqual(['find', 'drop'])
    expect(world.nodes()).toHaveLength(2)
  })

  it('of removal: instances first, the key pair last', () => {
    const world = new World()
    run(world, 'launch', [])
    expect(effectsOf('terminate', world)).toEqual([
      'write-intent', 'find', 'remove instances', 'remove volume', 'remove placement-group', 'remove security-group', 'remove key-pair',
      'forget'
    ])
    expect(effectsOf('terminate', world)).toEqual(['write-intent', 'find', 'forget'])
  })

  it('leaves the placement group out where the plan does', () => {
    expect(wantedKinds({ placementGroup: false })).toEqual(['key-pair', 'security-group', 'instances'])
  })
})
