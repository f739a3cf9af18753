import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WebSocket as ServerSocket } from 'ws'
import { PROTOCOL_VERSION } from '../../app/contract/index.ts'
import type { Task } from '../../app/contract/index.ts'
import { backoff, createSocketConnection } from '../../app/renderer/transport/socket-client.ts'

/** A manager's side that does as each test says, on a real socket, so that what is tested is the wire. */
interface Message {
  id: number
  method: string
  params: unknown
}
type Answer = (message: Message, socket: ServerSocket) => void

const said: Message[] = []
let answer: Answer
let server: WebSocketServer
let port = 0
const open: { close(): void }[] = []

const reply = (socket: ServerSocket, id: number, result: unknown): void => {
  socket.send(JSON.stringify({ jsonrpc: '2.0', id, result }))
}
const refuse = (socket: ServerSocket, id: number, code: string): void => {
  socket.send(
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      error: { code: -32000, message: code, data: { code, message: code, suggestion: 'None.' } }
    })
  )
}
const event = (socket: ServerSocket, subscription: string, value: unknown): void => {
  socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'stream.event', params: { subscription, event: value } }))
}
/** Says hello, answers zones, opens every stream as s-1 with an empty set. */
const well: Answer = ({ id, method }, socket) => {
  if (method === 'hello') reply(socket, id, { protocol: PROTOCOL_VERSION, version: '0.1.0', pid: 1 })
  else if (method === 'catalogue.zones') reply(socket, id, [{ name: 'a', state: 'available' }])
  else if (method.endsWith('.watch')) {
    reply(socket, id, { subscription: 's-1' })
    event(socket, 's-1', { kind: 'all', items: [] })
  } else reply(socket, id, {})
}

async function listen(): Promise<void> {
  server = new WebSocketServer({ port, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message
      said.push(message)
      answer(message, socket)
    })
  })
  await new Promise((resolve) => {
    server.once('listening', resolve)
  })
  port = (server.address() as AddressInfo).port
}
async function hangUp(): Promise<void> {
  for (const socket of server.clients) socket.terminate()
  await new Promise((resolve) => {
    server.close(resolve)
  })
}
function connect(): ReturnType<typeof createSocketConnection> {
  const connection = createSocketConnection({ url: `ws://127.0.0.1:${port}/rpc`, version: '0.1.0', wait: () => 20 })
  open.push(connection)
  return connection
}
const methods = (): string[] => said.map((message) => message.method)

beforeEach(async () => {
  said.length = 0
  port = 0
  answer = well
  await listen()
})
afterEach(async () => {
  for (const connection of open.splice(0)) connection.close()
  await hangUp()
})

it('says hello first, then calls', async () => {
  const connection = connect()
  expect(connection.state()).toEqual({ kind: 'connecting' })
  expect(await connection.client.call('catalogue.zones', { region: 'r' })).toEqual([{ name: 'a', state: 'available' }])
  expect(said[0]).toMatchObject({
    method: 'hello',
    params: { protocol: PROTOCOL_VERSION, client: 'gui', version: '0.1.0' }
  })
  expect(said[1]).toMatchObject({ method: 'catalogue.zones', params: { region: 'r' } })
  expect(connection.state()).toEqual({ kind: 'open' })
})

it('rejects with the error of the manager, code and suggestion included', async () => {
  answer = (message, socket) => {
    if (message.method === 'hello') well(message, socket)
    else refuse(socket, message.id, 'REGION_UNKNOWN')
  }
  await expect(connect().client.call('catalogue.zones', { region: 'x' })).rejects.toMatchObject({
    shape: { code: 'REGION_UNKNOWN', suggestion: 'None.' }
  })
})

it('refuses an answer that the contract does not know', async () => {
  answer = (message, socket) => {
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

  await hangUp()
  await vi.waitFor(() => {
    expect(connection.state().kind).toBe('reconnecting')
  })
  await listen()
  await vi.waitFor(() => {
    expect(events).toHaveLength(2)
  })
  expect(connection.state()).toEqual({ kind: 'open' })
  expect(methods()).toEqual(['hello', 'tasks.watch', 'hello', 'tasks.watch'])
  expect(ended).not.toHaveBeenCalled()
})

it('counts the attempts while nobody answers, and an impatient user can try at once', async () => {
  await hangUp()
  const connection = createSocketConnection({
    url: `ws://127.0.0.1:${port}/rpc`,
    version: '0.1.0',
    wait: (attempt) => (attempt < 3 ? 5 : 60_000)
  })
  open.push(connection)
  await vi.waitFor(() => {
    expect(connection.state()).toEqual({ kind: 'reconnecting', attempt: 3 })
  })
  await listen()
  connection.retryNow()
  await vi.waitFor(() => {
    expect(connection.state()).toEqual({ kind: 'open' })
  })
})

it('asks a query again that was cut off, but never repeats a command', async () => {
  answer = (message, socket) => {
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
  answer = well
  for (const socket of server.clients) socket.terminate()

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
  await hangUp()
  await vi.waitFor(() => {
    expect(connection.state().kind).toBe('reconnecting')
  })
  await expect(connection.client.call('networks.terminate', { name: 'n' })).rejects.toMatchObject({
    shape: { code: 'MANAGER_UNREACHABLE' }
  })
  await listen()
})

it('gives up, with the reason, when the manager speaks another protocol', async () => {
  answer = ({ id }, socket) => {
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
  answer = (message, socket) => {
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
  answer = (message, socket) => {
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
  if (socketOfIt) event(socketOfIt, 's-1', { kind: 'changed', item: task })
  await vi.waitFor(() => {
    expect(seen[1]).toEqual({ kind: 'changed', item: task })
  })
  subscription.close()
  await vi.waitFor(() => {
    expect(said.at(-1)).toMatchObject({ method: 'stream.close', params: { subscription: 's-1' } })
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
