import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../app/contract/index.ts'
import { RmadaError } from '../../app/main/core/error.ts'
import { createDispatch } from '../../app/main/transports/dispatch.ts'
import type { Dispatch } from '../../app/main/transports/dispatch.ts'
import { relayHandlers } from '../../app/main/transports/relay.ts'
import { createStubHandlers } from '../support/stub-handlers.ts'
import type { StubHandlers } from '../support/stub-handlers.ts'
import { ipcFace, socketFace, webSocketFace } from '../support/transport-faces.ts'
import type { Face } from '../support/transport-faces.ts'

const noLog = (): void => undefined

/** A window of the browser shell: WebSocket to the shell, local socket from there to the manager. */
async function relayedFace(dispatch: Dispatch): Promise<Face> {
  const inner = await socketFace(dispatch)
  const outer = await webSocketFace(createDispatch(relayHandlers(inner.client), noLog))
  return { ...outer, close: async () => { await outer.close(); await inner.close() } }
}

describe.each([
  ['IPC', ipcFace],
  ['local socket', socketFace],
  ['WebSocket', webSocketFace],
  ['browser shell to manager', relayedFace]
])('%s', (_name, open) => {
  let stub: StubHandlers
  let face: Face
  let client: Client
  beforeEach(async () => {
    stub = createStubHandlers()
    face = await open(createDispatch(stub.handlers, noLog))
    client = face.client
  })
  afterEach(() => face.close())

  it('carries an answer', async () => {
    expect(await client.call('networks.list', {})).toMatchObject([{ name: 'one', status: 'running' }])
  })

  it('carries text of any script and a megabyte', async () => {
    const command = `Größe 大きさ 🚢\n\u2028${'x'.repeat(1024 * 1024)}`
    expect((await client.call('networks.terminate', { name: command })).network).toBe(command)
    expect(stub.terminated).toEqual([command])
  })

  it('answers each of many calls at once with its own answer', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `n${i}`)
    const tasks = await Promise.all(names.map((name) => client.call('networks.terminate', { name })))
    expect(tasks.map(({ network }) => network)).toEqual(names)
  })

  it('carries an error with code, message and suggestion', async () => {
    await expect(client.call('networks.get', { name: 'none' })).rejects.toMatchObject({
      code: 'NETWORK_UNKNOWN',
      message: 'There is no network named: none',
      suggestion: 'Look at the list of networks.'
    })
  })

  it.each([
    ['a field is missing', 'networks.terminate', {}, 'INVALID_INPUT'],
    ['a field is of the wrong kind', 'networks.terminate', { name: 7 }, 'INVALID_INPUT'],
    ['there is no such procedure', 'networks.steal', {}, 'UNKNOWN_PROCEDURE'],
    ['the procedure is not for windows', 'networks.exec', { name: 'n', command: 'true' }, 'UNKNOWN_PROCEDURE'],
    ['the answer breaks the contract', 'networks.get', { name: 'broken' }, 'INTERNAL']
  ])('when %s, says so and lives on', async (_why, method, input, code) => {
    await expect(client.call(method as 'networks.list', input as never)).rejects.toMatchObject({ code })
    expect(stub.terminated).toEqual([])
    expect(await client.call('networks.list', {})).toHaveLength(1)
  })

  it('a stream gives the present state first, then each change, then its end', async () => {
    const events: unknown[] = []
    const onEnd = vi.fn()
    client.subscribe('networks.watch', {}, (event) => events.push(event), onEnd)
    await vi.waitFor(() => {
      expect(events).toMatchObject([{ kind: 'all', items: [{ name: 'one' }] }])
    })
    for (let i = 0; i < 100; i++) stub.emit({ kind: 'removed', id: String(i) })
    await vi.waitFor(() => {
      expect(events).toHaveLength(101)
    })
    expect(events.slice(1)).toEqual(Array.from({ length: 100 }, (_, i) => ({ kind: 'removed', id: String(i) })))
    stub.endStreams()
    await vi.waitFor(() => {
      expect(onEnd).toHaveBeenCalledExactlyOnceWith(null)
    })
  })

  it('a stream that breaks ends with the reason', async () => {
    const onEnd = vi.fn()
    const onEvent = vi.fn()
    client.subscribe('networks.watch', {}, onEvent, onEnd)
    await vi.waitFor(() => {
      expect(onEvent).toHaveBeenCalled()
    })
    stub.endStreams(new RmadaError('CLOUD_THROTTLED', 'Slow down.', { suggestion: 'Wait.' }))
    await vi.waitFor(() => {
      expect(onEnd).toHaveBeenCalledExactlyOnceWith({
        code: 'CLOUD_THROTTLED',
        message: 'Slow down.',
        suggestion: 'Wait.'
      })
    })
  })

  it('a stream with wrong input ends at once with the reason', async () => {
    const onEnd = vi.fn()
    client.subscribe('networks.watch', 7 as never, () => undefined, onEnd)
    await vi.waitFor(() => {
      expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'INVALID_INPUT' }))
    })
  })

  it('closing a stream closes its source, and nothing comes any more', async () => {
    const onEvent = vi.fn()
    const onEnd = vi.fn()
    const subscription = client.subscribe('networks.watch', {}, onEvent, onEnd)
    await vi.waitFor(() => {
      expect(onEvent).toHaveBeenCalledOnce()
    })
    subscription.close()
    await vi.waitFor(() => {
      expect(stub.openStreams()).toBe(0)
    })
    expect(onEvent).toHaveBeenCalledOnce()
    expect(onEnd).not.toHaveBeenCalled()
  })

  it('a stream closed before it was answered is closed at the source, too', async () => {
    const onEvent = vi.fn()
    client.subscribe('networks.watch', {}, onEvent, () => undefined).close()
    await client.call('networks.list', {})
    await vi.waitFor(() => {
      expect(stub.openStreams()).toBe(0)
    })
  })

  it('a client that vanishes takes its streams along', async () => {
    const onEvent = vi.fn()
    client.subscribe('networks.watch', {}, onEvent, () => undefined)
    await vi.waitFor(() => {
      expect(onEvent).toHaveBeenCalledOnce()
    })
    face.vanish()
    await vi.waitFor(() => {
      expect(stub.openStreams()).toBe(0)
    })
  })
})
