import { createContext, use, useSyncExternalStore } from 'react'
import type { Client } from '../../contract/index.ts'
import type { Connection, ConnectionState } from '../transport/connection.ts'

/** The way to the manager, given once by main.tsx. */
export const ConnectionContext = createContext<Connection | null>(null)

export function useConnection(): Connection {
  const connection = use(ConnectionContext)
  if (connection === null) throw new Error('A view stands outside of ConnectionContext')
  return connection
}

/** Calls to the manager. */
export function useClient(): Client {
  return useConnection().client
}

/** How the window stands with the manager, live. */
export function useConnectionState(): ConnectionState {
  const connection = useConnection()
  return useSyncExternalStore(connection.onState, connection.state)
}
