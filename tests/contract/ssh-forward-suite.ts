import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTo, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { SshConnection } from '../../app/main/core/ports/index.ts'
import { deferred } from './fixtures/deferred.ts'

interface Far { connect(): Promise<SshConnection>; cut(): Promise<void> }

const bulk = randomBytes(16 * 1024 * 1024)
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The forwards of a connection; every byte must arrive, whichever way either side ends. */
export function forwardSuite(far: () => Far): void {
  describe('forwards', () => {
    const cleanups: (() => void)[] = []
    afterEach(() => { for (const clean of cleanups.splice(0)) clean() })

    /** A service on the far end's loopback (in these suites the same computer). */
    async function service(serve: (socket: Socket) => void): Promise<number> {
      const sockets = new Set<Socket>()
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        sockets.add(socket)
        socket.on('error', () => {})
        serve(socket)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      cleanups.push(() => {
        server.close()
        for (const socket of sockets) socket.destroy()
      })
      return (server.address() as AddressInfo).port
    }
    async function client(port: number): Promise<Socket> {
      const socket = connectTo({ port, host: '127.0.0.1', allowHalfOpen: true })
      cleanups.push(() => socket.destroy())
      await once(socket, 'connect')
      return socket
    }
    const open = async (remotePort: number) => {
      const connection = await far().connect()
      return { connection, forward: await connection.forward(0, remotePort) }
    }

    it('carries 16 MiB from a service that then ends', async () => {
      const { forward } = await open(await service((socket) => socket.end(bulk)))
      const socket = await client(forward.port)
      expect(digest(await buffer(socket))).toBe(digest(bulk))
    })

    it('carries 16 MiB to a service that answers only after the client ended its half', async () => {
      const { forward } = await open(await service((socket) => {
        void buffer(socket).then((bytes) => socket.end(digest(bytes)))
      }))
      const socket = await client(forward.port)
      socket.end(bulk)
      expect((await buffer(socket)).toString()).toBe(digest(bulk))
    })

    it('carries 16 MiB both ways at once, also to a client that reads slowly', async () => {
      const { forward } = await open(await service((socket) => socket.pipe(socket)))
      const socket = await client(forward.port)
      socket.end(bulk)
      await sleep(300)
      expect(digest(await buffer(socket))).toBe(digest(bulk))
    })

    it('lets the client go on sending after the service ended its half', async () => {
      const received = deferred<Buffer>()
      const { forward } = await open(await service((socket) => {
        socket.end('done with talking')
        // Reads late, so that much is still under way when the client has sent all and both its halves have ended.
        sleep(200).then(() => buffer(socket)).then(received.resolve, received.reject)
      }))
      const socket = await client(forward.port)
      expect((await buffer(socket)).toString()).toBe('done with talking')
      socket.end(bulk)
      expect(digest(await received.promise)).toBe(digest(bulk))
    })

    it('tells a service that goes on sending that its client, which had ended its half, went away', async () => {
      const received = deferred<string>()
      const gone = deferred()
      const { forward } = await open(await service((socket) => {
        socket.on('close', () => gone.resolve())
        socket.once('data', (text) => received.resolve(String(text)))
        const send = () => { while (socket.writable && socket.write(bulk.subarray(0, 65_536))) { /* until it is full */ } }
        socket.on('drain', send)
        send()
      }))
      const socket = await client(forward.port)
      socket.end('a question')
      expect(await received.promise).toBe('a question')
      socket.destroy()
      await expect(gone.promise).resolves.toBeUndefined()
    })

    it('ends the service\'s side when the client breaks off', async () => {
      const ended = deferred()
      const { forward } = await open(await service((socket) => {
        socket.resume()
        socket.write('hello')
        socket.on('end', () => ended.resolve())
        socket.on('close', () => ended.resolve())
      }))
      const socket = await client(forward.port)
      await once(socket, 'data')
      socket.resetAndDestroy()
      await expect(ended.promise).resolves.toBeUndefined()
    })

    it('closes one client alone when the service breaks off or nobody listens; the others go on', async () => {
      const { connection, forward } = await open(await service((socket) => {
        socket.on('data', (text) => String(text) === 'die' ? socket.resetAndDestroy() : socket.write(text))
      }))
      const [dies, lives] = [await client(forward.port), await client(forward.port)]
      const closed = once(dies.on('error', () => {}).resume(), 'end').catch(() => {})
      dies.write('die')
      await closed
      lives.write('still here')
      expect(String((await once(lives, 'data'))[0])).toBe('still here')

      const nobody = await service(() => {})
      for (const clean of cleanups.splice(-1)) clean()
      const dead = await connection.forward(0, nobody)
      const refused = connectTo(dead.port, '127.0.0.1')
      const [error] = await once(refused, 'error').catch((raised: unknown) => [raised])
      expect(error).toMatchObject({ code: 'ECONNRESET' })
    })

    it('resets its clients when the connection breaks, so that a part is not taken for the whole', async () => {
      const { connection, forward } = await open(await service((socket) => socket.write('part')))
      const socket = await client(forward.port)
      await once(socket, 'data')
      const outcome = new Promise((resolve) => socket.on('error', resolve).on('end', () => resolve('clean end')))
      await far().cut()
      expect(await outcome).toMatchObject({ code: 'ECONNRESET' })
      await connection.closed
      await expect(client(forward.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    })

    it('gives the port that was asked for, says when it is taken, and frees it', async () => {
      const echo = await service((socket) => socket.pipe(socket))
      const { connection, forward } = await open(echo)
      await expect(connection.forward(forward.port, echo)).rejects.toMatchObject({ code: 'LOCAL_PORT_TAKEN' })
      await forward.close()
      const again = await connection.forward(forward.port, echo)
      expect(again.port).toBe(forward.port)
      await again.close()
      await expect(client(again.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    })
  })
}
