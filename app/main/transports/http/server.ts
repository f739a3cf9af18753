import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { HelloReply } from '../../../contract/index.ts'
import { MAX_MESSAGE_BYTES } from '../../../contract/index.ts'
import type { z } from 'zod'
import type { Dispatch } from '../dispatch.ts'
import { createGuard } from './guard.ts'
import type { Guard } from './guard.ts'
import { sendFile } from './static-files.ts'
import { serveWebSocket } from './web-socket.ts'

export interface HttpOptions {
  readonly dispatch: Dispatch
  readonly identity: z.infer<typeof HelloReply>
  /** The built renderer. */
  readonly directory: string
  /** Secret of this run; whoever has it gets in. */
  readonly token: string
  /** 0: any free port. */
  readonly port?: number
  /** Whether calls can be served now; while not, windows are turned away and try again. */
  readonly isReady?: () => boolean
}

export interface HttpServer {
  readonly port: number
  /** Opens the app and signs the browser in; contains the token. */
  readonly url: string
  /** Ends the connections of all windows; they show so, and connect again by themselves. */
  disconnectWindows(): void
  close(): Promise<void>
}

const forbidden =
  'This address belongs to Rmada and needs the key of this run. Open the full address that Rmada printed.\n'

/** Styles may be inline (the component library sets them on elements); scripts, and all else, come from here alone. */
const policy = (port: number): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join('; ')

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  directory: string
): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1')
  const token = url?.searchParams.get('token') ?? null
  if (!url || !guard.isOurs(request) || (!guard.hasCookie(request) && !guard.isToken(token))) {
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(forbidden)
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
  } else if (token !== null) {
    // The token leaves the address bar and the history at once.
    response.writeHead(303, { location: '/', ...(guard.isToken(token) ? { 'set-cookie': guard.cookie } : {}) }).end()
  } else {
    await sendFile(directory, url.pathname, response, request.method === 'HEAD')
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
}

/** Serves the built renderer and the contract (WebSocket `/rpc`) on a loopback port, to holders of the token alone. */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { dispatch, identity, directory, token, port: wanted = 0, isReady = () => true } = options
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const guard = createGuard(port, token)
  const csp = policy(port)
  server.on('request', (request, response) => {
    response.setHeader('content-security-policy', csp)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-resource-policy', 'same-origin')
    answer(request, response, guard, directory).catch(() => {
      response.destroy()
    })
  })

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {
      socket.destroy()
    })
    // A browser always names the origin of a WebSocket; a request without one is no page of ours.
    const isPage = request.url === '/rpc' && request.headers.origin !== undefined
    if (!isPage || !guard.isOurs(request) || !guard.hasCookie(request)) return refuseUpgrade(socket, '403 Forbidden')
    if (!isReady()) return refuseUpgrade(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      serveWebSocket(webSocket, dispatch, identity)
    })
  })

  const disconnectWindows = (): void => {
    for (const client of sockets.clients) client.terminate()
  }
  return {
    port,
    url: `http://127.0.0.1:${port}/?token=${token}`,
    disconnectWindows,
    close: () =>
      new Promise((resolve) => {
        disconnectWindows()
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })
  }
}
