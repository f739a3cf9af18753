import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { BridgeMessage, BridgeReply, Client } from '../../app/contract/index.ts'
import { RmadaError } from '../../app/main/core/error.ts'
import type { Dispatch } from '../../app/main/transports/dispatch.ts'
import { serveHttp } from '../../app/main/transports/http/server.ts'
import { serveIpc } from '../../app/main/transports/ipc.ts'
import type { IpcEvent, IpcMainLike } from '../../app/main/transports/ipc.ts'
import { createJsonRpcClient } from '../../app/main/transports/json-rpc/client.ts'
import { connectLocal } from '../../app/main/transports/local-client.ts'
import { serveLocalSocket } from '../../app/main/transports/local-socket/server.ts'

/** A transport with one client at its far end. */
export interface Face {
  readonly client: Client
  /** The client goes away without a word. */
  vanish(): void
  close(): Promise<void>
}

export const identity = { protocol: 1, version: '0.0.0', pid: process.pid }

export async function socketFace(dispatch: Dispatch): Promise<Face> {
  const folder = mkdtempSync(join(tmpdir(), 'rmada-face-'))
  const address = join(folder, 'manager.sock')
  const server = await serveLocalSocket({ address, dispatch, identity })
  const client = await connectLocal({ address, audience: 'gui', version: '0.0.0' })
  return {
    client,
    vanish: client.close,
    async close() {
      client.close()
      await server.close()
      rmSync(folder, { recursive: true })
    }
  }
}

/** Headers of a page that has been signed in. */
export async function signIn(url: string): Promise<Record<string, string>> {
  const response = await fetch(url, { redirect: 'manual' })
  return { cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '', origin: new URL(url).origin }
}

export async function webSocketFace(dispatch: Dispatch): Promise<Face> {
  const server = await serveHttp({ dispatch, identity, directory: tmpdir(), token: 'a-token' })
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers: await signIn(server.url) })
  const client = createJsonRpcClient((message) => { socket.send(message) })
  socket.on('message', (data) => { client.receive((data as Buffer).toString()) })
  socket.on('close', () => {
    client.end(new RmadaError('MANAGER_UNREACHABLE', 'The connection ended.', { suggestion: 'Again.' }))
  })
  await new Promise((resolve, reject) => { socket.on('open', resolve).on('error', reject) })
  await client.hello('gui', '0.0.0')
  return { client, vanish: () => { socket.terminate() }, close: server.close }
}

export type Handler = (event: IpcEvent, message: unknown) => Promise<BridgeReply>

/** Electron's two ends of IPC in one process: what crosses is copied as Electron copies it. */
export function createIpc() {
  const handlers = new Map<string, Handler>()
  const listeners = new Map<string, (message: BridgeMessage) => void>()
  const onDestroyed: (() => void)[] = []
  let destroyed = false
  const ipcMain: IpcMainLike<IpcEvent> = {
    handle: (channel, listener) => void handlers.set(channel, listener),
    removeHandler: (channel) => void handlers.delete(channel)
  }
  const sender = {
    id: 1,
    send: (_channel: string, ...values: unknown[]) => {
      const [subscription, message] = structuredClone(values) as [string, BridgeMessage]
      setImmediate(() => listeners.get(subscription)?.(message))
    },
    isDestroyed: () => destroyed,
    on: () => undefined,
    once: (_event: 'destroyed', listener: () => void) => onDestroyed.push(listener)
  }
  return {
    ipcMain,
    listeners,
    invoke: async (channel: string, message: unknown): Promise<BridgeReply> => {
      const handler = handlers.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      return structuredClone(await handler({ sender }, structuredClone(message)))
    },
    destroy() {
      destroyed = true
      for (const listener of onDestroyed) listener()
    }
  }
}

export async function ipcFace(dispatch: Dispatch): Promise<Face> {
  const ipc = createIpc()
  const served = serveIpc(ipc.ipcMain, { dispatch, isTrusted: () => true })
  let last = 0
  const client = {
    async call(method: string, input: unknown) {
      const reply = await ipc.invoke('rmada:call', { method, input })
      if (!reply.ok) throw RmadaError.fromShape(reply.error)
      return reply.value
    },
    subscribe(method: string, input: unknown, onEvent: (event: unknown) => void, onEnd: (error: unknown) => void) {
      const subscription = `w${++last}`
      ipc.listeners.set(subscription, (message) => {
        if (message.kind === 'event') onEvent(message.event)
        else onEnd(message.error)
      })
      void ipc.invoke('rmada:subscribe', { subscription, method, input })
      return {
        close() {
          ipc.listeners.delete(subscription)
          void ipc.invoke('rmada:close', { subscription })
        }
      }
    }
  } as unknown as Client
  return { client, vanish: ipc.destroy, close: async () => { served.close() } }
}
