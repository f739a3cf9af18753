import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Client, ClientChannel } from 'ssh2'
import type { Forward } from '../../core/ports/index.ts'
import { portTaken } from './failures.ts'

/**
 * Ties a local connection to its channel. Either side may end its half while the other still sends; `pipe` carries the
 * end and the back-pressure. What ends without an end is an error of that one connection, and the other side learns of
 * it by a reset, so that nobody takes a part for the whole.
 */
function join(socket: Socket, channel: ClientChannel): void {
  channel.on('error', () => socket.resetAndDestroy())
  channel.on('close', () => { if (!channel.readableEnded) socket.resetAndDestroy() })
  socket.on('close', () => {
    if (!socket.readableEnded) return void channel.destroy()
    // All that the client sent must still leave, also after the client is gone; what comes back then has no taker.
    if (!socket.writableFinished) whenFinished(channel, () => channel.close())
  })
  socket.pipe(channel).pipe(socket)
}

function whenFinished(channel: ClientChannel, act: () => void): void {
  if (channel.writableFinished) act()
  else channel.once('finish', act)
}

/** Listens on 127.0.0.1 and carries each connection to this port of the far end's loopback. */
export function openForward(client: Client, localPort: number, remotePort: number): Promise<Forward> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => { /* 'close' follows */ })
    const from = { host: socket.remoteAddress ?? '127.0.0.1', port: socket.remotePort ?? 0 }
    try {
      client.forwardOut(from.host, from.port, '127.0.0.1', remotePort, (error, channel) => {
        if (error) return void socket.resetAndDestroy()
        if (socket.destroyed) return void channel.destroy()
        join(socket, channel)
      })
    } catch {
      // The connection is going down; its forwards are closed with it.
      socket.resetAndDestroy()
    }
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? portTaken(localPort, error) : error))
    server.listen(localPort, '127.0.0.1', () => {
      // The cast is safe: a TCP server that listens has an AddressInfo.
      const { port } = server.address() as AddressInfo
      resolve({
        port,
        close: () => new Promise((done) => {
          server.close(() => done())
          // A reset, not an end: what a client has received so far is not the whole.
          for (const socket of sockets) socket.resetAndDestroy()
        })
      })
    })
  })
}
