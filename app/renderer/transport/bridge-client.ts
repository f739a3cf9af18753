import type { Bridge, ErrorShape } from '../../contract/index.ts'
import { BridgeMessage, BridgeReply } from '../../contract/index.ts'
import { ClientError, toClientError } from './client-error.ts'
import { observable } from './connection.ts'
import type { Connection, ConnectionState } from './connection.ts'
import { parseOutput } from './parse-output.ts'

declare global {
  interface Window {
    readonly rmada?: Bridge
  }
}

/** The way to the manager through Electron's preload bridge; the main process keeps that way open by itself. */
export function createBridgeConnection(bridge: Bridge): Connection {
  const state = observable<ConnectionState>({ kind: 'open' })
  return {
    state: state.get,
    onState: state.on,
    retryNow: () => undefined,
    client: {
      async call(method, input) {
        try {
          const reply = BridgeReply.parse(await bridge.call(method, input))
          if (!reply.ok) throw new ClientError(reply.error)
          return parseOutput(method, reply.value)
        } catch (thrown) {
          throw toClientError(thrown)
        }
      },
      subscribe(method, input, onEvent, onEnd) {
        let over = false
        const end = (error: ErrorShape | null): void => {
          if (over) return
          over = true
          onEnd(error)
        }
        const subscription = bridge.subscribe(method, input, (raw) => {
          if (over) return
          try {
            const message = BridgeMessage.parse(raw)
            if (message.kind === 'end') end(message.error)
            else onEvent(parseOutput(method, message.event))
          } catch (thrown) {
            bridge.close(subscription)
            end(toClientError(thrown).shape)
          }
        })
        return {
          close() {
            over = true
            bridge.close(subscription)
          }
        }
      }
    }
  }
}
