import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { WebSocket as ServerSocket } from 'ws'
import { PROTOCOL_VERSION } from '../../app/contract/index.ts'
import type { Task } from '../../app/contract/index.ts'
import { backoff, createSocketConnection } from '../../app/renderer/transport/socket-client.ts'
import { notify, openScriptedSocket, refuse, reply, well } from './fixtures/scripted-socket.ts'
import type { ScriptedSocket } from './fixtures/scripted-socket.ts'

let server: ScriptedSocket
const open: { close(): void }[] = []

function connect(): ReturnType<typeof createSocketConnection> {
  const connection = createSocketConnection({
    url: `ws://127.0.0.1:${server.port}/rpc`,
    version: '0.1.0',
    wait: () => 20
  })
  open.push(connection)
  return connection
}
const methods = (): string[] => server.said.map((message) => message.method)

beforeEach(async () => {
  server = await openScriptedSocket()
})
afterEach(async () => {
  for (const connection of open.splice(0)) connection.close()
  await server.hangUp()
})

it('says hello first, then calls', async () => {
  const connection = connect()
  expect(connection.state()).toEqual({ kind: 'connecting' })
  expect(await connection.client.call('catalogue.zones', { region: 'r' })).toEqual([{ name: 'a', state: 'available' }])
  expect(server.said[0]).toMatchObject({
    method: 'hello',
    params: { protocol: PROTOCOL_VERSION, client: 'gui', version: '0.1.0' }
  })
  expect(server.said[1]).toMatchObject({ method: 'catalogue.zones', params: { region: 'r' } })
  expect(connection.state()).toEqual({ kind: 'open' })
})

it('rejects with the error of the manager, code and suggestion included', async () => {
  server.answer = (message, socket) => {
    if (message.method === 'hello') well(message, socket)
    else refuse(socket, message.id, 'REGION_UNKNOWN')
  }
  await expect(connect().client.call('catalogue.zones', { region: 'x' })).rejects.toMatchObject({
    shape: { code: 'REGION_UNKNOWN', suggestion: 'None.' }
  })
})

it('refuses an answer that the contract does not know', async () => {
  server.answer = (message, socket) => {
    if (message.method === 'hello') well(message, socket)
    else reply(socket, message.id, [{ nonsense: 1 }])
  }
  await expect(connect().client.call('catalogue.zones', { region: 'x' })).rejects.toMatchObject({
    shape: { code: 'INTERNAL' }
  })
})

it('reconnects, opens the streams again, and delivers the whole set again', async () => {
  const connection = connect()
  const events: unknown[] = []
  const ended = vi.fn()
  connection.client.subscribe('tasks.watch', {}, (one) => events.push(one), ended)
  await vi.waitFor(() => {
    expect(events).toHaveLength(1)
  })

  await server.hangUp()
  await vi.waitFor(() => {
    expect(connection.state().kind).toBe('reconnecting')
  })
  await server.listen()
  await vi.waitFor(() => {
    expect(events).toHaveLength(2)
  })
  expect(connection.state()).toEqual({ kind: 'open' })
  expect(methods()).toEqual(['hello', 'tasks.watch', 'hello', 'tasks.watch'])
  expect(ended).not.toHaveBeenCalled()
})

it('counts the attempts while nobody answers, and an impatient user can try at once', async () => {
  await server.hangUp()
  const connection = createSocketConnection({
    url: `ws://127.0.0.1:${server.port}/rpc`,
    version: '0.1.0',
    wait: (attempt) => (attempt < 3 ? 5 : 60_000)
  })
  open.push(connection)
  await vi.waitFor(() => {
    expect(connection.state()).toEqual({ kind: 'reconnecting', attempt: 3 })
  })
  await server.listen()
  connection.retryNow()
  await vi.waitFor(() => {
    expect(connection.state()).toEqual({ kind: 'open' })
  })
})

it('asks a query again that was cut off, but never repeats a command', async () => {
  server.answer = (message, socket) => {
    if (message.method === 'hello') well(message, socket)
  }
  const connection = connect()
  await vi.waitFor(() => {
    expect(connection.state().kind).toBe('open')
  })
  const query = connection.client.call('catalogue.zones', { region: 'r' })
  const command = connection.client.call('networks.terminate', { name: 'n' })
  await vi.waitFor(() => {
    expect(methods()).toContain('networks.terminate')
  })
  server.answer = well
  server.drop()

  await expect(command).rejects.toMatchObject({ shape: { code: 'MANAGER_UNREACHABLE' } })
  expect(await query).toHaveLength(1)
  expect(methods().filter((method) => method === 'networks.terminate')).toHaveLength(1)
  expect(methods().filter((method) => method === 'catalogue.zones')).toHaveLength(2)
})

it('refuses commands while the connection is away', async () => {
  const connection = connect()
  await vi.waitFor(() => {
    expect(connection.state().kind).toBe('open')
  })
  await server.hangUp()
  await vi.waitFor(() => {
    expect(connection.state().kind).toBe('reconnecting')
  })
  await expect(connection.client.call('networks.terminate', { name: 'n' })).rejects.toMatchObject({
    shape: { code: 'MANAGER_UNREACHABLE' }
  })
  await server.listen()
})

it('gives up, with the reason, when the manager speaks another protocol', async () => {
  server.answer = ({ id }, socket) => {
    refuse(socket, id, 'PROTOCOL_MISMATCH')
  }
  const connection = connect()
  await expect(connection.client.call('catalogue.zones', { region: 'r' })).rejects.toMatchObject({
    shape: { code: 'PROTOCOL_MISMATCH' }
  })
  expect(connection.state()).toMatchObject({ kind: 'refused', error: { code: 'PROTOCOL_MISMATCH' } })
  await new Promise((resolve) => {
    setTimeout(resolve, 100)
  })
  expect(methods()).toEqual(['hello'])
})

it('begins anew after a message that is not the protocol', async () => {
  let garbled = false
  server.answer = (message, socket) => {
    if (message.method === 'catalogue.zones' && !garbled) {
      garbled = true
      socket.send('}{')
    } else well(message, socket)
  }
  expect(await connect().client.call('catalogue.zones', { region: 'r' })).toHaveLength(1)
  expect(methods()).toEqual(['hello', 'catalogue.zones', 'hello', 'catalogue.zones'])
})

it('ends a stream with its error, and one that it closes itself at the manager', async () => {
  const task: Task = {
    id: 't',
    kind: 'launch',
    network: 'n',
    title: '',
    state: 'running',
    progress: 0,
    message: '',
    steps: [],
    cancellable: true,
    startedAt: '',
    endedAt: null,
    error: null
  }
  let socketOfIt: ServerSocket | undefined
  server.answer = (message, socket) => {
    socketOfIt = socket
    well(message, socket)
  }
  const connection = connect()
  const seen: unknown[] = []
  const ended = vi.fn()
  const subscription = connection.client.subscribe('tasks.watch', {}, (one) => seen.push(one), ended)
  await vi.waitFor(() => {
    expect(seen).toHaveLength(1)
  })
  if (socketOfIt) notify(socketOfIt, 'stream.event', { subscription: 's-1', event: { kind: 'changed', item: task } })
  await vi.waitFor(() => {
    expect(seen[1]).toEqual({ kind: 'changed', item: task })
  })
  subscription.close()
  await vi.waitFor(() => {
    expect(server.said.at(-1)).toMatchObject({ method: 'stream.close', params: { subscription: 's-1' } })
  })
  expect(ended).not.toHaveBeenCalled()

  const second = vi.fn()
  connection.client.subscribe('networks.watch', {}, () => undefined, second)
  await vi.waitFor(() => {
    expect(methods().at(-1)).toBe('networks.watch')
  })
  const error = { code: 'INTERNAL', message: 'm', suggestion: 's' }
  socketOfIt?.send(JSON.stringify({ jsonrpc: '2.0', method: 'stream.end', params: { subscription: 's-1', error } }))
  await vi.waitFor(() => {
    expect(second).toHaveBeenCalledExactlyOnceWith(error)
  })
})

it('waits longer each time, up to five seconds, with a little chance', () => {
  expect([1, 2, 3, 4, 5, 6, 20].map((attempt) => backoff(attempt, () => 0.5))).toEqual([
    250, 500, 1000, 2000, 4000, 5000, 5000
  ])
  expect(backoff(1, () => 0)).toBe(187.5)
  expect(backoff(1, () => 1)).toBe(312.5)
})
