import { expect, it, vi } from 'vitest'
import type { Bridge, BridgeMessage, BridgeReply } from '../../contract/index.ts'
import { createBridgeConnection } from './bridge-client.ts'

const error = { code: 'NETWORK_UNKNOWN', message: 'No such network.', suggestion: 'Look.' } as const

/** A preload that answers with one reply, and through which a test sends messages of a stream. */
function bridgeWith(reply: BridgeReply | Error): Bridge & { send: (message: unknown) => void; closed: string[] } {
  let listener: (message: BridgeMessage) => void = () => undefined
  const closed: string[] = []
  return {
    closed,
    call: () => (reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply)),
    subscribe: (_method, _input, onMessage) => {
      listener = onMessage
      return 's-1'
    },
    close: (subscription) => {
      closed.push(subscription)
    },
    send: (message) => {
      listener(message as BridgeMessage)
    }
  }
}

it('gives the value, and as an error what the manager refused', async () => {
  const good = createBridgeConnection(bridgeWith({ ok: true, value: [{ name: 'a', state: 'available' }] }))
  expect(await good.client.call('catalogue.zones', { region: 'r' })).toEqual([{ name: 'a', state: 'available' }])
  expect(good.state()).toEqual({ kind: 'open' })
  const bad = createBridgeConnection(bridgeWith({ ok: false, error }))
  await expect(bad.client.call('networks.get', { name: 'n' })).rejects.toMatchObject({ shape: error })
})

it.each([
  ['a bridge that breaks', new Error('gone')],
  ['a value that the contract does not know', { ok: true, value: { nonsense: 1 } } as const]
])('%s is an error of ours', async (_, reply) => {
  await expect(
    createBridgeConnection(bridgeWith(reply)).client.call('catalogue.zones', { region: 'r' })
  ).rejects.toMatchObject({ shape: { code: 'INTERNAL' } })
})

it('delivers a stream to its end, and nothing after it', () => {
  const bridge = bridgeWith({ ok: true, value: null })
  const onEvent = vi.fn()
  const onEnd = vi.fn()
  createBridgeConnection(bridge).client.subscribe('networks.watch', {}, onEvent, onEnd)
  bridge.send({ kind: 'event', event: { kind: 'all', items: [] } })
  bridge.send({ kind: 'end', error })
  bridge.send({ kind: 'event', event: { kind: 'removed', id: 'x' } })
  expect(onEvent).toHaveBeenCalledExactlyOnceWith({ kind: 'all', items: [] })
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(error)
})

it('closes a stream that sends what nobody can read, and says so', () => {
  const bridge = bridgeWith({ ok: true, value: null })
  const onEnd = vi.fn()
  createBridgeConnection(bridge).client.subscribe('networks.watch', {}, () => undefined, onEnd)
  bridge.send({ kind: 'event', event: { kind: 'all' } })
  expect(bridge.closed).toEqual(['s-1'])
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'INTERNAL' }))
})

it('a closed stream is closed at the other end and says nothing more', () => {
  const bridge = bridgeWith({ ok: true, value: null })
  const onEvent = vi.fn()
  const onEnd = vi.fn()
  createBridgeConnection(bridge).client.subscribe('networks.watch', {}, onEvent, onEnd).close()
  bridge.send({ kind: 'event', event: { kind: 'all', items: [] } })
  bridge.send({ kind: 'end', error: null })
  expect(bridge.closed).toEqual(['s-1'])
  expect(onEvent).not.toHaveBeenCalled()
  expect(onEnd).not.toHaveBeenCalled()
})
