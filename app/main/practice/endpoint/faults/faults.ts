import { createHash } from 'node:crypto'
import { Ec2Error } from '../protocol/error.ts'
import type { State } from '../state.ts'
import { FaultRules } from './rules.ts'
import type { NodeFault } from './rules.ts'

/** The faults of a practice cloud: forgotten with the endpoint, and the same again for the same seed and calls. */
export interface Faults {
  readonly rules: FaultRules
  /** Sets all rules anew; counting begins anew too. */
  set(rules: FaultRules): void
  /** Whether this call of an action is throttled. */
  throttles(action: string): boolean
  losesAnswer(action: string): boolean
  /** Decides about a new instance; asked once for each. */
  strike(instanceId: string, nowMs: number): void
  nodeFault(instanceId: string): NodeFault | null
  /** Whether the instance is so young that the cloud does not tell of it yet. */
  hides(instanceId: string, nowMs: number): boolean
  /** How many of `most` there is room for; raises InsufficientInstanceCapacity below `least`. */
  room(wanted: { type: string; zone: string; least: number; most: number }, state: State): number
}

export function createFaults(first: FaultRules = FaultRules.parse({})): Faults {
  let rules = first
  let counts = new Map<string, number>()
  let left = rules.nodes.map((rule) => rule.next ?? 0)
  const struck = new Map<string, NodeFault>()
  const born = new Map<string, number>()

  /** From 0 to 1, by the seed, the kind of chance and how often it came before: not by the order among kinds. */
  const chance = (kind: string): number => {
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    return createHash('sha256').update(`${rules.seed} ${kind} ${count}`).digest().readUInt32BE() / 2 ** 32
  }

  return {
    get rules() {
      return rules
    },
    set(next) {
      rules = next
      counts = new Map()
      left = next.nodes.map((rule) => rule.next ?? 0)
    },
    throttles: (action) => rules.throttle > 0 && chance(`throttle ${action}`) < rules.throttle,
    losesAnswer: (action) => rules.lostAnswers > 0 && chance(`lost ${action}`) < rules.lostAnswers,
    strike(instanceId, nowMs) {
      born.set(instanceId, nowMs)
      for (const [index, rule] of rules.nodes.entries()) {
        const counted = (left[index] ?? 0) > 0
        if (counted) left[index] = (left[index] ?? 0) - 1
        if (counted || chance(`node ${rule.fault}`) < (rule.share ?? 0)) return void struck.set(instanceId, rule.fault)
      }
    },
    nodeFault: (instanceId) => struck.get(instanceId) ?? null,
    hides: (instanceId, nowMs) => {
      const since = born.get(instanceId)
      return since !== undefined && nowMs - since < rules.lateMs
    },
    room({ type, zone, least, most }, state) {
      const rooms = rules.capacity
        .filter((rule) => (rule.type ?? type) === type && (rule.zone ?? zone) === zone)
        .map((rule) => rule.count - state.instances.filter((one) => one.state !== 'terminated' &&
          (rule.type ?? one.type) === one.type && (rule.zone ?? one.zone) === one.zone).length)
      const room = Math.min(most, ...rooms)
      if (room >= least && room > 0) return room
      throw new Ec2Error(
        'InsufficientInstanceCapacity',
        `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our ` +
          'system will be working on provisioning additional capacity. You can currently get capacity by not ' +
          'specifying an Availability Zone in your request or choosing another one.',
        500
      )
    }
  }
}
