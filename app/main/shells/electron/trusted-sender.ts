import { appOrigin, originOf } from './app-address.ts'

/** The part of Electron's IPC event that says who sent it. */
export interface Sender {
  readonly sender: { readonly id: number }
  /** Null when the frame is already gone. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
}

/** The windows that may use the bridge, by their webContents id. */
export function createTrustedSenders(): {
  add(id: number): void
  remove(id: number): void
  isTrusted(event: Sender): boolean
} {
  const known = new Set<number>()
  return {
    add: id => { known.add(id) },
    remove: id => { known.delete(id) },
    // All three: a window we made, its main frame, and still on our own page.
    isTrusted: ({ sender, senderFrame }) =>
      known.has(sender.id) && senderFrame !== null && senderFrame.parent === null
      && originOf(senderFrame.url) === appOrigin
  }
}
