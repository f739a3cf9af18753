import { z } from 'zod'
import { ErrorShape } from './error.ts'

/** Raised whenever an old client could misread a new manager or the other way round. */
export const PROTOCOL_VERSION = 1

/** Longest line or WebSocket message that a local endpoint reads, in bytes. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024

/**
 * JSON-RPC 2.0, one object a line (local socket) or a message (WebSocket). The first call is `hello`. A stream call
 * is answered with `{subscription}`; its events follow as `stream.event` notifications, its end as `stream.end`;
 * the caller ends it with `stream.close`.
 */
export const Hello = z.object({
  protocol: z.number().int(),
  client: z.enum(['gui', 'r', 'cli']),
  version: z.string()
})
export const HelloReply = z.object({ protocol: z.number().int(), version: z.string(), pid: z.number().int() })

export const Request = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.number(), z.string()]),
  method: z.string(),
  params: z.unknown().optional()
})
export type Request = z.infer<typeof Request>

/** `error.code` is -32000 for every error of ours; `error.data` is the ErrorShape. */
export const Response = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.number(), z.string(), z.null()]),
  result: z.unknown().optional(),
  error: z.object({ code: z.number().int(), message: z.string(), data: ErrorShape }).optional()
})
export type Response = z.infer<typeof Response>

export const Notification = z.discriminatedUnion('method', [
  z.object({
    jsonrpc: z.literal('2.0'), method: z.literal('stream.event'),
    params: z.object({ subscription: z.string(), event: z.unknown() })
  }),
  z.object({
    jsonrpc: z.literal('2.0'), method: z.literal('stream.end'),
    params: z.object({ subscription: z.string(), error: ErrorShape.nullable() })
  })
])
export type Notification = z.infer<typeof Notification>

/** How clients find the manager: `<runtime directory>/manager.json`, mode 0600. */
export const RuntimeFile = z.object({
  socket: z.string(),
  protocol: z.number().int(),
  version: z.string(),
  pid: z.number().int()
})
export type RuntimeFile = z.infer<typeof RuntimeFile>
