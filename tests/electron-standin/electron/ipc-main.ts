import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { EventEmitter } from 'node:events'

type Handler = Parameters<IpcMain['handle']>[1]
const handlers = new Map<string, Handler>()

/** Runs the app's handler as Electron does: values in and out are structured clones, an error arrives as its text. */
export async function invoke(
  channel: string, event: object, values: readonly unknown[]
): Promise<{ ok: boolean; values: unknown[] }> {
  const handler = handlers.get(channel)
  const refuse = (error: unknown): { ok: false; values: unknown[] } =>
    ({ ok: false, values: [`Error invoking remote method '${channel}': ${String(error)}`] })
  if (!handler) return refuse(new Error(`No handler registered for '${channel}'`))
  try {
    // The stand-in's event has what a sender check can look at; no more of Electron's own is there to give.
    const result: unknown = await handler(event as IpcMainInvokeEvent, ...values.map(value => structuredClone(value)))
    return { ok: true, values: [structuredClone(result)] }
  } catch (error) {
    return refuse(error)
  }
}

class MainIpc extends EventEmitter implements Pick<IpcMain, 'handle' | 'removeHandler'> {
  handle(channel: string, handler: Handler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  }

  removeHandler(channel: string): void { handlers.delete(channel) }
}
export const ipcMain = new MainIpc()
