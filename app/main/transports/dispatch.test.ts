import { describe, expect, it, vi } from 'vitest'
import { RmadaError } from '../core/error.ts'
import type { CallContext, Handlers } from '../core/handlers.ts'
import { createDispatch } from './dispatch.ts'
import type { Outcome } from './dispatch.ts'

const cli: CallContext = { audience: 'cli', signal: new AbortController().signal }

function dispatchTo(handlers: Partial<Handlers>) {
  const log = vi.fn()
  return { dispatch: createDispatch(handlers as Handlers, log), log }
}

const errorOf = (outcome: Outcome) =>
  outcome.kind === 'error' ? outcome.error : expect.fail(`no error but a ${outcome.kind}`)

function eventsOf(outcome: Outcome): AsyncIterable<unknown> {
  if (outcome.kind === 'stream') return outcome.events
  throw new Error(`no stream but a ${outcome.kind}`)
}

describe('what comes in', () => {
  it.each([
    ['networks.get', {}, 'The field "name" of networks.get is missing.'],
    ['networks.get', undefined, 'The field "name" of networks.get is missing.'],
    ['networks.get', { name: 7 }, 'The field "name" of networks.get must be text, not a number.'],
    ['networks.get', { name: null }, 'The field "name" of networks.get must be text, not null.'],
    ['networks.get', [], 'The input of networks.get must be an object, not a list.'],
    ['networks.get', 'x', 'The input of networks.get must be an object, not text.'],
    [
      'networks.launch',
      { region: 'r', instances: '3' },
      'The field "instances" of networks.launch must be a number, not text.'
    ],
    [
      'regions.connect',
      { region: 'r', credentials: { accessKeyId: 'A' } },
      'The field "credentials.secretAccessKey" of regions.connect is missing.'
    ],
    [
      'evaluator.eval',
      { name: 'n', expression: '1', timeoutMs: 0 },
      'The field "timeoutMs" of evaluator.eval must be greater than 0.'
    ]
  ])('%s with %j is refused in one plain sentence', async (method, input, message) => {
    const { dispatch } = dispatchTo({})
    expect(errorOf(await dispatch(method, input, cli))).toMatchObject({ code: 'INVALID_INPUT', message })
  })

  it('never repeats a value, which may be a secret', async () => {
    const { dispatch, log } = dispatchTo({})
    const outcome = await dispatch(
      'regions.connect',
      { region: 'r', credentials: { accessKeyId: 'A', secretAccessKey: ['hunter2'] } },
      cli
    )
    expect(JSON.stringify([outcome, log.mock.calls])).not.toContain('hunter2')
  })

  it.each(['no.such', 'toString', '__proto__', 'constructor'])('there is no procedure %s', async (method) => {
    const { dispatch } = dispatchTo({})
    expect(errorOf(await dispatch(method, {}, cli)).code).toBe('UNKNOWN_PROCEDURE')
  })

  it('a procedure of another audience is not there', async () => {
    const connect = vi.fn()
    const { dispatch } = dispatchTo({ 'evaluator.connect': connect })
    expect(errorOf(await dispatch('evaluator.connect', { name: 'n' }, cli)).code).toBe('UNKNOWN_PROCEDURE')
    expect(connect).not.toHaveBeenCalled()
  })

  it('unknown fields do not reach the handler', async () => {
    const exec = vi.fn(async () => ({ stdout: '', stderr: '', exitCode: 0 }))
    const { dispatch } = dispatchTo({ 'networks.exec': exec })
    await dispatch('networks.exec', { name: 'n', command: 'true', as: 'root' }, cli)
    expect(exec).toHaveBeenCalledWith({ name: 'n', command: 'true' }, cli)
  })
})

describe('what goes out', () => {
  it('an answer that breaks the contract is a defect, logged and not sent', async () => {
    const { dispatch, log } = dispatchTo({ 'manager.activate': async () => ({ windows: 'two' }) as never })
    expect(errorOf(await dispatch('manager.activate', {}, cli)).code).toBe('INTERNAL')
    expect(log).toHaveBeenCalledOnce()
  })

  it('an error of ours keeps its code, and is no defect', async () => {
    const { dispatch, log } = dispatchTo({
      'networks.get': () => Promise.reject(new RmadaError('NETWORK_UNKNOWN', 'There is none.', { suggestion: 'Look.' }))
    })
    expect(errorOf(await dispatch('networks.get', { name: 'x' }, cli))).toEqual({
      code: 'NETWORK_UNKNOWN',
      message: 'There is none.',
      suggestion: 'Look.'
    })
    expect(log).not.toHaveBeenCalled()
  })

  it('an event that breaks the contract ends the stream', async () => {
    const { dispatch } = dispatchTo({
      async *'networks.watch'() {
        yield { kind: 'removed' as const, id: 'a' }
        yield { kind: 'nonsense' } as never
      }
    })
    const outcome = await dispatch('networks.watch', {}, cli)
    const events = eventsOf(outcome)[Symbol.asyncIterator]()
    expect((await events.next()).value).toEqual({ kind: 'removed', id: 'a' })
    await expect(events.next()).rejects.toThrow('kind')
  })
})
