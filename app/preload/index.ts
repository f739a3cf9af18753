import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, BridgeMessage, BridgeReply } from '../contract/bridge.ts'

// The channel names are written out and the imports are of types alone: a sandboxed preload is one small file, without
// the contract's schemas. tests/electron-standin holds them to contract/bridge.ts.
const listeners = new Map<string, (message: BridgeMessage) => void>()

const deliver = (subscription: string, message: BridgeMessage): void => {
  const listener = listeners.get(subscription)
  if (message.kind === 'end') listeners.delete(subscription)
  listener?.(message)
}

ipcRenderer.on('rmada:message', (_event, subscription: string, message: BridgeMessage) => {
  deliver(subscription, message)
})

const bridge: Bridge = {
  call: (method, input) => ipcRenderer.invoke('rmada:call', { method, input }),
  subscribe: (method, input, onMessage) => {
    // Never used again, so that a late event of a page that was reloaded cannot land in the next one's stream.
    const subscription = crypto.randomUUID()
    listeners.set(subscription, onMessage)
    ipcRenderer.invoke('rmada:subscribe', { subscription, method, input }).then(
      (reply: BridgeReply) => { if (!reply.ok) deliver(subscription, { kind: 'end', error: reply.error }) },
      (error: unknown) => deliver(subscription, {
        kind: 'end',
        error: { code: 'INTERNAL', message: String(error), suggestion: 'Close the window and open Rmada again.' }
      })
    )
    return subscription
  },
  close: subscription => {
    // Forgotten first: whatever is still on its way must not reach the page after it closed the stream.
    listeners.delete(subscription)
    ipcRenderer.invoke('rmada:close', { subscription }).catch(() => {
      // The main process is ending; its streams end with it.
    })
  }
}

contextBridge.exposeInMainWorld('rmada', bridge)
