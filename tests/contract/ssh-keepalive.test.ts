import { once } from 'node:events'
import { connect as connectTo, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSsh } from '../../app/main/adapters/ssh2/ssh.ts'
import { startOpenSsh } from './fixtures/openssh.ts'
import type { SshServerFixture } from './ssh-suite.ts'

let server: SshServerFixture
beforeAll(async () => {
  server = await startOpenSsh()
})
afterAll(async () => await server.close())

/** A wire between client and server that can be cut as a dead network is: nothing arrives, nothing is refused. */
async function wire(port: number) {
  const sockets: Socket[] = []
  const relay = createServer((near) => {
    const far = connectTo(port, '127.0.0.1')
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) sockets.push(socket.on('error', () => {}))
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  return {
    port: (relay.address() as AddressInfo).port,
    fallSilent() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => relay.close(resolve))
    }
  }
}

it('notices within a quarter of a minute that the network fell silent', async () => {
  const line = await wire(server.port)
  const ssh = createSsh()
  const connection = await ssh.connect(
    {
      instanceId: 'i-0',
      host: '127.0.0.1',
      port: line.port,
      user: server.user,
      hostKeys: server.hostKeys,
      privateKey: server.privateKey
    },
    { timeoutMs: 10_000 }
  )
  const outcome = connection.exec('exec sleep 120').catch((error: unknown) => error)
  const started = Date.now()
  line.fallSilent()
  expect(await outcome).toMatchObject({ code: 'SSH_LOST' })
  expect(Date.now() - started).toBeLessThan(17_000)
  await connection.closed
  await line.close()
})
