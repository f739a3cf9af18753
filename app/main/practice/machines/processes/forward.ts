import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { ServerChannel } from 'ssh2'

/** Addresses that a forward may lead to: the machine's own loopback. */
const loopback = /^(localhost|127(\.\d+){3}|::1)$/

/** Whether this server forwards to that host. */
export const mayForward = (host: string): boolean => loopback.test(host)

/** Opens the connection that a direct-tcpip channel asks for. */
export function openForward(host: string, port: number, limitMs = 10_000): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host === 'localhost' ? '127.0.0.1'
      : host, port, allowHalfOpen: true, noDelay: true })
    socket.setTimeout(limitMs, () => socket.destroy(new Error('no answer')))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.setTimeout(0)
      resolve(socket)
    })
  })
}

/**
 * Joins a channel and a connection byte by byte, each direction ending on its own. The library's `end()` of a server's
 * channel would close both directions, so the end of the connection is told by `eof()`, once all before it is written.
 */
export function join(channel: ServerChannel, socket: Socket): void {
  const told = channel as ServerChannel & { eof(): void }
  let fromClient = false
  let fromSocket = false
  let ended = false
  const endBoth = (): void => { if (fromClient && fromSocket) { channel.close(); socket.destroy() } }
  channel.on('error', () => socket.destroy())
  socket.on('error', () => channel.close())
  channel.pipe(socket, { end: false })
  channel.on('end', () => {
    fromClient = true
    socket.end()
    endBoth()
  })
  socket.pipe(channel, { end: false })
  socket.on('end', () => {
    ended = true
    channel.write(Buffer.alloc(0), () => {
      fromSocket = true
      told.eof()
      endBoth()
    })
  })
  channel.on('close', () => socket.destroy())
  socket.on('close', () => { if (!ended) channel.close() })
}
