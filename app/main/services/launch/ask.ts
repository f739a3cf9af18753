import type { Choice, Question } from '../../../contract/index.ts'
import { choiceTexts, consoleExcerpt } from '../../core/choice-texts.ts'
import type { RmadaError } from '../../core/error.ts'
import { hostNameOf } from '../../core/host-names.ts'
import type { Effect } from '../../core/lifecycle.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import { sumPrices } from '../../core/prices.ts'
import { roleTag } from '../../core/resource-names.ts'
import { limits } from '../limits.ts'
import type { Answer } from '../tasks/tasks.ts'
import { asRented } from './find.ts'
import { blamedIn } from './trouble.ts'
import type { Work } from './work.ts'
import { networkOf, recordIn } from './work.ts'

type Ask = Extract<Effect, { do: 'ask' }>

/** What was chosen so far in a task: by itself it makes no choice for ever. */
export interface Chosen { readonly choices: Choice[]; readonly zones: string[] }

/**
 * Finds out what to do after a failure: as was said ahead of time where that makes sense here, else by pausing the task
 * until somebody answers. Raises CANCELLED when the task is cancelled meanwhile.
 */
export async function askWhatToDo(work: Work, ask: Ask, failure: RmadaError, chosen: Chosen): Promise<Answer> {
  const zones = ask.choices.includes('other-zone') ? await zonesFor(work, chosen) : []
  const choices = ask.choices.filter(choice => choice !== 'other-zone' || zones.length > 0)
  const ahead = work.onFailure ?? 'stop'
  const answer = ahead === 'ask'
    ? await work.progress.ask(await questionOf(work, { ...ask, choices }, failure, zones), work.signal)
    : decidedAhead(ahead, choices, chosen)
  const zone = answer.choice === 'other-zone' ? answer.zone ?? zones[0] : undefined
  const current = recordIn(work).spec.zone
  if (answer.choice === 'other-zone' && current !== null) chosen.zones.push(current)
  chosen.choices.push(answer.choice)
  work.ports.log('info', `Chosen: ${answer.choice}`, { because: failure.code, ...(zone ? { zone } : {}) })
  return zone === undefined ? { choice: answer.choice } : { choice: answer.choice, zone }
}

function decidedAhead(ahead: Choice, choices: readonly Choice[], chosen: Chosen): Answer {
  const often = chosen.choices.filter(one => one === ahead).length
  return { choice: choices.includes(ahead) && often < limits.automaticChoices ? ahead : 'stop' }
}

/** Zones with the type, without those that were tried. */
async function zonesFor(work: Work, chosen: Chosen): Promise<readonly string[]> {
  const { spec } = recordIn(work)
  try {
    const offered = await work.offeredZones?.(spec.instanceType) ?? []
    return offered.filter(zone => zone !== spec.zone && !chosen.zones.includes(zone))
  } catch (error) {
    work.ports.log('warn', 'The zones cannot be listed now', { why: error instanceof Error ? error.message : '' })
    return []
  }
}

async function questionOf(
  work: Work, ask: Ask, failure: RmadaError, zones: readonly string[]
): Promise<Omit<Question, 'id' | 'askedAt'>> {
  const network = networkOf(work)
  const { spec } = recordIn(work)
  const blamed = blamedIn(failure)
  const rented = asRented(ask.rented, network)
  const pricePerHour = sumPrices(rented.map(one => one.pricePerHour))
  const healthy = ask.rented.filter(one => one.kind === 'instances' && !blamed.includes(one.id)).length
  const nodes = blamed.map(id => {
    const instance = network.instances.find(one => one.id === id)
    return {
      id, hostName: hostNameOf(instance?.privateDns ?? null, instance?.privateIp ?? null) || id,
      role: instance?.tags[roleTag] === 'master' ? 'master' as const : 'slave' as const
    }
  })
  const { code, message, suggestion } = failure
  return {
    trouble: { code, message, suggestion }, nodes, console: await consoleOf(work, blamed[0]), rented, pricePerHour,
    choices: choiceTexts(ask.choices, {
      nodes: nodes.map(node => alone(node.hostName, network.instances) ? node.hostName : node.id), expected: spec.instances, healthy, zones,
      cost: pricePerHour === null || pricePerHour === 0 ? '' : ` Meanwhile ${pricePerHour} USD an hour are due.`
    })
  }
}

/** On one computer that all nodes share, they have one name. */
const alone = (hostName: string, instances: readonly InstanceRecord[]): boolean =>
  instances.filter(one => hostNameOf(one.privateDns, one.privateIp) === hostName).length <= 1

async function consoleOf(work: Work, id: string | undefined): Promise<string[]> {
  if (id === undefined) return []
  try {
    return consoleExcerpt(await work.watch.region.cloud.consoleOutput(id))
  } catch {
    // A node that is gone has none; the question is worth asking without.
    return []
  }
}
