import { z } from 'zod'
import { ErrorShape } from './error.ts'

/**
 * What crosses between a window of the Electron shell and its main process. All of it is plain data: an Error loses its
 * code on the way through Electron, so that a failed call is a reply like any other.
 */
export const BridgeCall = z.object({ method: z.string(), input: z.unknown() })
export type BridgeCall = z.infer<typeof BridgeCall>

/** A stream to open. The window names the subscription, so that no event can come before it knows the name. */
export const BridgeSubscribe = z.object({
  subscription: z.string().min(1).max(64), method: z.string(), input: z.unknown()
})
export type BridgeSubscribe = z.infer<typeof BridgeSubscribe>

export const BridgeClose = z.object({ subscription: z.string().min(1).max(64) })
export type BridgeClose = z.infer<typeof BridgeClose>

export const BridgeReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorShape })
])
export type BridgeReply = z.infer<typeof BridgeReply>

/** One message of an open stream; `end` is the last. */
export const BridgeMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: z.unknown() }),
  z.object({ kind: z.literal('end'), error: ErrorShape.nullable() })
])
export type BridgeMessage = z.infer<typeof BridgeMessage>

/** Electron's channel names of the bridge. */
export const bridgeChannels = {
  call: 'rmada:call',
  subscribe: 'rmada:subscribe',
  close: 'rmada:close',
  message: 'rmada:message'
} as const

/** What the preload puts on the page as `window.rmada` in the Electron shell, and nothing else. */
export interface Bridge {
  call(method: string, input: unknown): Promise<BridgeReply>
  /** Returns the name of the subscription, for `close`. */
  subscribe(method: string, input: unknown, onMessage: (message: BridgeMessage) => void): string
  close(subscription: string): void
}
