import type { IpcMain, IpcMainInvokeEvent } from 'electron'

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

export const ipcMain = {
  handle: (channel, handler) => {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  },
  removeHandler: channel => { handlers.delete(channel) },
  on: () => { throw new Error('The stand-in has no one-way IPC: the app must not need it.') }
} satisfies Pick<IpcMain, 'handle' | 'removeHandler'> & { on: () => never }
