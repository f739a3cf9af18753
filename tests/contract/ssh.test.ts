import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSsh } from '../../app/main/adapters/ssh2/ssh.ts'
import { makeKeyPair } from '../../app/main/adapters/ssh2/key-pair.ts'
import { startOpenSsh } from './fixtures/openssh.ts'
import { startPracticeMachine } from './fixtures/practice-machine.ts'
import { temporaryFolders } from './fixtures/temporary.ts'
import { sshSuite } from './ssh-suite.ts'

sshSuite('OpenSSH', startOpenSsh)
sshSuite('a practice machine', startPracticeMachine)

describe('ssh without a server', () => {
  const key = makeKeyPair('nobody')
  const target = (port: number) => ({
    instanceId: 'i-0',
    host: '127.0.0.1',
    port,
    user: 'ec2-user',
    hostKeys: [key.publicKey],
    privateKey: key.privateKey
  })
  const listen = async (onSocket: (socket: Socket) => void) => {
    const server = createServer(onSocket)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { server, port: (server.address() as AddressInfo).port }
  }

  it('tries until the time is over at a port where nobody listens, and says why', async () => {
    const { server, port } = await listen(() => {})
    await new Promise((resolve) => server.close(resolve))
    const started = Date.now()
    await expect(createSsh().connect(target(port), { timeoutMs: 700 })).rejects.toMatchObject({
      code: 'SSH_UNREACHABLE',
      message: expect.stringContaining('the connection was refused')
    })
    expect(Date.now() - started).toBeLessThan(2_000)
  })

  it('tries again at a port that talks nonsense, hangs up or stays silent', async () => {
    let attempts = 0
    const answers = [(socket: Socket) => socket.end('HTTP/1.0 400 no\r\n\r\n'), (socket: Socket) => socket.destroy()]
    const { server, port } = await listen((socket) => {
      socket.on('error', () => {})
      socket.resume()
      answers[attempts++]?.(socket)
    })
    await expect(createSsh().connect(target(port), { timeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'SSH_UNREACHABLE'
    })
    expect(attempts).toBeGreaterThanOrEqual(3)
    await new Promise((resolve) => server.close(resolve))
  })

  it('stops trying when it is cancelled', async () => {
    const { server, port } = await listen(() => {})
    await new Promise((resolve) => server.close(resolve))
    const stop = new AbortController()
    const trying = createSsh().connect(target(port), { timeoutMs: 60_000, signal: stop.signal })
    setTimeout(() => stop.abort(), 50)
    await expect(trying).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('makeKeyPair', () => {
  const folder = temporaryFolders()

  it('makes a pair that OpenSSH reads, with the public half that belongs to it', async () => {
    const pair = makeKeyPair('rmada-night')
    expect(pair.publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+ rmada-night$/)
    const file = join(await folder('key'), 'id')
    await writeFile(file, pair.privateKey, { mode: 0o600 })
    const derived = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim()
    expect(derived.split(' ').slice(0, 2)).toEqual(pair.publicKey.split(' ').slice(0, 2))
    expect(makeKeyPair('rmada-night').privateKey).not.toBe(pair.privateKey)
  })
})
