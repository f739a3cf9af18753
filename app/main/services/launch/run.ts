import type { Rented } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import { newLifecycle, reduce } from '../../core/lifecycle.ts'
import type { Command, Decision, Effect, Lifecycle } from '../../core/lifecycle.ts'
import { rentedSentence } from '../../core/prices.ts'
import { wantedKinds } from '../../core/resources.ts'
import { isHalting } from '../tasks/tasks.ts'
import { askWhatToDo } from './ask.ts'
import type { Chosen } from './ask.ts'
import { asRented } from './find.ts'
import { perform } from './perform.ts'
import { rollBackStep, stepOf } from './steps.ts'
import { troubleOf } from './trouble.ts'
import type { Work } from './work.ts'
import { networkOf } from './work.ts'

/** Raised to end a task where it is, because the manager ends; nothing is rolled back. */
const halted = (): RmadaError => new RmadaError('CANCELLED', 'The manager ended while this was at work.', {
  suggestion: 'Start Rmada again: it finds the network and offers to repair or terminate it.'
})

/**
 * Runs one command on one network: does what the lifecycle says, one effect at a time, and tells it how that went.
 * Resolves when the network is where the command wanted it; raises the failure with what is still rented, or CANCELLED
 * after a roll-back.
 */
export async function runCommand(work: Work, command: Command, decision?: Decision): Promise<void> {
  const network = networkOf(work)
  const wanted = network.record ? wantedKinds(network.record.spec) : []
  let step = reduce(newLifecycle(work.networkId, wanted), {
    type: command, decision, givenUp: network.record?.givenUp
  })
  let failure: RmadaError | null = null
  let certain = true
  let mayHaveRented = false
  const chosen: Chosen = { choices: [], zones: [] }
  for (let effect = step.effects[0]; effect !== undefined; effect = step.effects[0]) {
    if (isHalting(work.signal)) throw halted()
    if (cancelWanted(work, step.state)) {
      failure = null
      step = cancel(work, step.state)
      continue
    }
    beginStep(work, effect, step.state)
    mayHaveRented ||= step.state.intended.includes('instances')
    try {
      if (effect.do === 'ask' && failure !== null) {
        const { choice, zone } = await askWhatToDo(work, effect, failure, chosen)
        step = reduce(step.state, { type: 'choose', choice, zone })
        if (step.state.goal === 'running') failure = null
        if (step.state.goal === 'gone') work.progress.beginExtra(rollBackStep, 'Removing what was rented.')
        continue
      }
      const nothingMissed = certain && !mayHaveRented
      const told = failure && { message: failure.message, certain: nothingMissed }
      const resources = await perform(work, effect, told)
      step = reduce(step.state, { type: 'done', effect, resources })
    } catch (error) {
      if (isHalting(work.signal)) throw halted()
      if (cancelWanted(work, step.state)) {
        failure = null
        step = cancel(work, step.state)
        continue
      }
      if (effect.do === 'find' && failure !== null) certain = false
      failure ??= asFailure(error)
      step = reduce(step.state, { type: 'failed', effect, trouble: troubleOf(work, failure) })
    }
  }
  const { outcome, cancelled, resources } = step.state
  if (failure !== null && outcome === 'gone') throw rolledBack(failure)
  if (failure !== null) {
    throw withRented(failure, asRented(resources, work.fleet.registry.find(work.networkId) ?? network), certain)
  }
  work.progress.finish()
  if (cancelled) throw cancelledError(outcome === 'gone')
}

/** A roll-back cannot be cancelled; neither can the look at what is left after a failure. */
function cancelWanted(work: Work, state: Lifecycle): boolean {
  return work.signal.aborted && (state.goal === 'running' || state.goal === 'choosing')
}

function cancel(work: Work, state: Lifecycle): ReturnType<typeof reduce> {
  const step = reduce(state, { type: 'cancel' })
  work.progress.beginExtra(rollBackStep, step.state.goal === 'gone' ? 'Removing what was rented.' : 'Cancelling.')
  return step
}

function beginStep(work: Work, effect: Effect, state: Lifecycle): void {
  // While a launch is taken back, or a failure is looked into, the step that shows this is under way already.
  if (state.goal === 'failed' || state.goal === 'choosing' || state.cancelled) return
  if (state.goal === 'gone' && state.command !== 'terminate') return
  if (effect.do === 'drop' && state.command === 'remove-nodes') {
    return work.progress.begin('drop', `Giving back: ${effect.resources.map(one => one.id).join(', ')}`)
  }
  const name = stepOf(effect)
  if (name === null) return
  if (effect.do === 'find') work.progress.begin(name, 'Looking up what the network has.')
  if (effect.do === 'remove') work.progress.begin(name, `Removing: ${effect.resources.map(one => one.id).join(', ')}`)
}

function asFailure(error: unknown): RmadaError {
  if (error instanceof RmadaError) return error
  const text = error instanceof Error ? error.message : String(error)
  return new RmadaError('INTERNAL', `Rmada met a defect of its own: ${text}`, {
    suggestion: 'Please report it with the log.', cause: error
  })
}

function withRented(failure: RmadaError, rented: readonly Rented[], certain: boolean): RmadaError {
  const doubt = certain ? '' : 'The cloud did not tell what is rented now, so that there may be more.'
  return new RmadaError(failure.code, failure.message, {
    suggestion: [failure.suggestion, rentedSentence(rented), doubt].filter(Boolean).join(' '),
    details: failure.details, stillRented: rented, cause: failure
  })
}

/** Rolled back as was chosen: the failure stays one, and costs nothing. */
function rolledBack(failure: RmadaError): RmadaError {
  return new RmadaError(failure.code, `${failure.message} Everything that was rented was given back.`, {
    suggestion: 'Nothing is left to pay for; launch again when you like.', details: failure.details, cause: failure
  })
}

const cancelledError = (removed: boolean): RmadaError => new RmadaError('CANCELLED',
  removed ? 'It was cancelled, and everything that it had rented was removed.' : 'It was cancelled.',
  { suggestion: removed ? 'Nothing is left to be done.' : 'Repair the network, or terminate it.' })
