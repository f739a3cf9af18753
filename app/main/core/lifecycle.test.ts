import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command, Effect, Lifecycle } from './lifecycle.ts'
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
  #made = 0

  /** What the user had before: not ours, whatever it is called, and never to be touched. */
  constructor() {
    for (const kind of rentOrder) {
      this.cloud.set(`user-${kind}`, { kind, id: `user-${kind}`, name: 'rmada-net-1', tags: {} })
      this.cloud.set(`other-${kind}`, resource(kind, `other-${kind}`, 'net-2'))
    }
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
        must(!this.ours().some(one => one.kind === effect.kind), 'rented twice')
        const made = Array.from({ length: effect.kind === 'instances' ? 3 : 1 },
          () => resource(effect.kind, `made-${this.#made++}`))
        for (const one of made) this.cloud.set(one.id, one)
        return made
      }
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
type Fate = 'well' | 'refused' | 'late' | 'cancel' | 'crash' | 'crash-after'
const fates = fc.array(fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fate>('well') },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('refused', 'late', 'cancel', 'crash', 'crash-after') }
), { maxLength: 40 })

function run(
  world: World, command: Command, fate: readonly Fate[]
): { state: Lifecycle; crashed: boolean; effects: Effect[] } {
  let step = reduce(newLifecycle(own, wanted), { type: command })
  const effects: Effect[] = []
  for (let turn = 0; step.effects[0] !== undefined; turn += 1) {
    // Every command comes to an end.
    expect(turn).toBeLessThan(80)
    expect(step.effects).toHaveLength(1)
    const effect = step.effects[0]
    const how = fate[turn] ?? 'well'
    if (how === 'crash') return { state: step.state, crashed: true, effects }
    if (how === 'cancel') {
      const before = step.state.goal
      step = reduce(step.state, { type: 'cancel' })
      if (before === 'running') continue
    }
    effects.push(effect)
    if (how === 'refused') {
      step = reduce(step.state, { type: 'failed', effect })
      continue
    }
    const resources = world.perform(effect)
    if (how === 'crash-after') return { state: step.state, crashed: true, effects }
    // The answer was lost on its way: the thing is there, and nobody was told its id.
    step = how === 'late'
      ? reduce(step.state, { type: 'failed', effect })
      : reduce(step.state, { type: 'done', effect, resources })
  }
  return { state: step.state, crashed: false, effects }
}

const commands = fc.array(fc.tuple(fc.constantFrom<Command>('repair', 'reboot', 'terminate'), fates), { maxLength: 4 })
const untouched = rentOrder.flatMap(kind => [`user-${kind}`, `other-${kind}`])

describe('money rules, whatever fails, is cancelled or crashes', () => {
  it('holds: terminating in the end removes all of ours and nothing else', () => {
    fc.assert(fc.property(fates, commands, (launch, more) => {
      const world = new World()
      run(world, 'launch', launch)
      for (const [command, fate] of more) {
        // As the services do: what has no record and nothing in the cloud cannot be named.
        if (!world.recorded && world.ours().length === 0) continue
        if (command !== 'terminate' && !world.recorded) continue
        if (command === 'reboot' && !world.ours().some(one => one.kind === 'instances')) continue
        world.journal.add('network')
        run(world, command, fate)
      }
      // Rule 2: whatever is rented now is found by the next start, by record or journal.
      expect(world.ours().length === 0 || world.recorded || world.journal.size > 0).toBe(true)

      const end = run(world, 'terminate', [])
      expect(end.state.outcome).toBe('gone')
      expect(world.ours()).toEqual([])
      expect([...world.cloud.keys()].toSorted()).toEqual(untouched.toSorted())
      expect(world.journal.size).toBe(0)
    }), { numRuns: 400 })
  })

  it('holds: a failure tells all that is rented, and no more', () => {
    fc.assert(fc.property(fates, fate => {
      const world = new World()
      const { state, crashed, effects } = run(world, 'launch', fate)
      if (crashed || state.outcome !== 'failed' || world.told === null) return
      expect(effects.at(-2)?.do).toBe('find')
      const ids = (list: readonly Resource[]) => list.map(one => one.id).toSorted()
      const lookWentWell = fate[effects.length - 2] === undefined || fate[effects.length - 2] === 'well'
      expect(ids(lookWentWell ? world.told : world.ours())).toEqual(ids(world.ours()))
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
      'rent placement-group', 'write-intent', 'rent instances', 'open-ssh', 'wait-running', 'pin-host-keys', 'connect',
      'configure', 'check-mpi', 'start-evaluator', 'start-ide', 'mark-running'
    ])
  })

  it('of a reboot: nothing is rented, and all stages pass again', () => {
    const world = new World()
    run(world, 'launch', [])
    expect(effectsOf('reboot', world)).toEqual(['find', ...stages, 'mark-running'])
  })

  it('of removal: instances first, the key pair last', () => {
    const world = new World()
    run(world, 'launch', [])
    expect(effectsOf('terminate', world)).toEqual([
      'write-intent', 'find', 'remove instances', 'remove placement-group', 'remove security-group', 'remove key-pair',
      'forget'
    ])
    expect(effectsOf('terminate', world)).toEqual(['write-intent', 'find', 'forget'])
  })

  it('leaves the placement group out where the plan does', () => {
    expect(wantedKinds({ placementGroup: false })).toEqual(['key-pair', 'security-group', 'instances'])
  })
})
