import { createBridgeConnection } from './bridge-client.ts'
import type { Connection } from './connection.ts'
import { createSocketConnection } from './socket-client.ts'

/** Chooses the way to the manager: Electron's bridge where there is one, else the WebSocket of the serving shell. */
export function connect(window: Window): Connection {
  if (window.rmada !== undefined) return createBridgeConnection(window.rmada)
  const url = new URL('/rpc', window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return createSocketConnection({ url: url.href, version: __RMADA_VERSION__ })
}
