import { randomBytes } from 'node:crypto'
import { stat, readdir } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Ssh, SshConnection, SshTarget } from '../../app/main/core/ports/index.ts'
import { createSsh } from '../../app/main/adapters/ssh2/ssh.ts'
import { makeKeyPair } from '../../app/main/adapters/ssh2/key-pair.ts'
import { deferred } from './fixtures/deferred.ts'
import { forwardSuite } from './ssh-forward-suite.ts'

/** A real ssh server that the suite runs against. */
export interface SshServerFixture {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly hostKeys: readonly string[]
  readonly privateKey: string
  /** The login user's home, on this computer. */
  readonly home: string
  /** What the server logged; empty where it keeps no log. */
  log(): string
  /** False for OpenSSH when root logs in: it passes signals on only with privilege separation, which root has not. */
  readonly takesSignals: boolean
  /** Ends every connection from the server's side, without a goodbye. The server goes on or comes back. */
  cut(): Promise<void>
  close(): Promise<void>
}

/** What every ssh server that Rmada meets must give through the adapter. */
export function sshSuite(name: string, start: () => Promise<SshServerFixture>): void {
  describe(`ssh against ${name}`, () => {
    let server: SshServerFixture
    let ssh: Ssh & { close(): Promise<void> }
    beforeAll(async () => {
      server = await start()
      ssh = createSsh()
    })
    afterEach(async () => await ssh.close())
    afterAll(async () => await server.close())

    const target = (change: Partial<SshTarget> = {}): SshTarget => ({
      instanceId: 'i-0123456789abcdef0',
      host: server.host,
      port: server.port,
      user: server.user,
      hostKeys: server.hostKeys,
      privateKey: server.privateKey,
      ...change
    })
    const connect = (change: Partial<SshTarget> = {}, timeoutMs = 20_000): Promise<SshConnection> =>
      ssh.connect(target(change), { timeoutMs })

    it('runs a command and gives its output, both streams apart, and its exit code', async () => {
      const connection = await connect()
      const chunks: string[] = []
      const result = await connection.exec('printf "grüße\\n"; printf bad >&2; exit 7', {
        onOutput: (chunk, stream) => chunks.push(`${stream}:${chunk}`)
      })
      expect(result).toEqual({ stdout: 'grüße\n', stderr: 'bad', exitCode: 7 })
      expect(chunks.toSorted()).toEqual(['stderr:bad', 'stdout:grüße\n'])
    })

    it('feeds standard input and ends it, also when there is none', async () => {
      const connection = await connect()
      const text = randomBytes(300_000).toString('hex')
      expect((await connection.exec('cat', { stdin: text })).stdout).toBe(text)
      expect(await connection.exec('cat')).toEqual({ stdout: '', stderr: '', exitCode: 0 })
    })

    it('runs several commands at once on one connection', async () => {
      const connection = await connect()
      const results = await Promise.all([1, 2, 3, 4].map((n) => connection.exec(`echo ${n}; exit ${n}`)))
      expect(results.map((result) => [result.stdout, result.exitCode])).toEqual([1, 2, 3, 4].map((n) => [`${n}\n`, n]))
    })

    it('reports a command that a signal ended as shells do', async () => {
      const connection = await connect()
      expect((await connection.exec('kill -KILL $$')).exitCode).toBe(128 + 9)
    })

    it('ends a command at its time limit, and the connection goes on', async () => {
      const connection = await connect()
      await expect(connection.exec('exec sleep 60', { timeoutMs: 200 })).rejects.toMatchObject({ code: 'TIMEOUT' })
      expect((await connection.exec('echo alive')).stdout).toBe('alive\n')
    })

    it('ends a command that is cancelled, on the far side too where the server takes signals', async () => {
      const connection = await connect()
      const stop = new AbortController()
      let pid = ''
      const running = connection.exec('echo $$; exec sleep 60', {
        signal: stop.signal,
        onOutput: (chunk) => {
          pid += chunk
          stop.abort()
        }
      })
      await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
      const alive = async () => (await connection.exec(`kill -0 ${pid.trim()}`)).exitCode === 0
      if (!server.takesSignals) await connection.exec(`kill ${pid.trim()}`)
      await vi.waitFor(async () => expect(await alive()).toBe(false), { timeout: 5_000 })
    })

    it('says SSH_LOST for a command under way when the server dies, and for every later call', async () => {
      const connection = await connect()
      const started = deferred()
      const running = connection.exec('echo on; exec sleep 60', { onOutput: () => started.resolve() })
      const outcome = running.catch((error: unknown) => error)
      await started.promise
      await server.cut()
      expect(await outcome).toMatchObject({ code: 'SSH_LOST' })
      await connection.closed
      await expect(connection.exec('true')).rejects.toMatchObject({ code: 'SSH_LOST' })
      await expect(connection.forward(0, 1)).rejects.toMatchObject({ code: 'SSH_LOST' })
      // And it can be reached again.
      expect((await (await connect()).exec('echo again')).stdout).toBe('again\n')
    })

    it('writes a whole file with its mode, makes the folders above it and replaces what was there', async () => {
      const connection = await connect()
      await connection.writeFile("~/it's new/deep er/file.txt", 'old\n', 0o644)
      const text = `"quotes" $HOME \`x\` 'y'\n${'ü'.repeat(100_000)}`
      await connection.writeFile("~/it's new/deep er/file.txt", text, 0o600)
      const folder = join(server.home, "it's new", 'deep er')
      expect((await stat(join(folder, 'file.txt'))).mode & 0o777).toBe(0o600)
      expect(await readdir(folder)).toEqual(['file.txt'])
      expect(await connection.readFile("~/it's new/deep er/file.txt")).toBe(text)
      expect(await connection.readFile(join(folder, 'file.txt'))).toBe(text)
    })

    it('leaves the old file and no rest when writing fails', async () => {
      const connection = await connect()
      await connection.writeFile('~/plain', 'x', 0o600)
      await expect(connection.writeFile('~/plain/below', 'x', 0o600)).rejects.toMatchObject({
        code: 'CONFIGURE_FAILED'
      })
      expect(await connection.readFile('~/plain')).toBe('x')
      await expect(connection.readFile('~/not there')).rejects.toMatchObject({ code: 'CONFIGURE_FAILED' })
    })

    it('refuses another host key before it authenticates', async () => {
      const before = server.log().length
      const stranger = makeKeyPair('stranger').publicKey
      await expect(connect({ hostKeys: [stranger] })).rejects.toMatchObject({ code: 'SSH_HOST_KEY_MISMATCH' })
      expect(server.log().slice(before)).not.toMatch(/accepted|publickey for/i)
    })

    it('refuses a server that has no key of the pinned type, and a target without pinned keys', async () => {
      const ecdsa = 'ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAAAA'
      await expect(connect({ hostKeys: [ecdsa] })).rejects.toMatchObject({ code: 'SSH_HOST_KEY_MISMATCH' })
      await expect(connect({ hostKeys: [] })).rejects.toMatchObject({ code: 'SSH_HOST_KEY_MISMATCH' })
    })

    it('accepts any one of several pinned keys', async () => {
      const connection = await connect({ hostKeys: [makeKeyPair('old').publicKey, ...server.hostKeys] })
      expect((await connection.exec('true')).exitCode).toBe(0)
    })

    it('says at once that a key is not accepted, or not a key', async () => {
      const wrong = makeKeyPair('wrong').privateKey
      await expect(connect({ privateKey: wrong })).rejects.toMatchObject({ code: 'SSH_AUTH_FAILED' })
      await expect(connect({ privateKey: 'no key' })).rejects.toMatchObject({ code: 'DATA_UNREADABLE' })
    })

    it("switches Nagle's algorithm off on the socket that ssh runs on", async () => {
      const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay')
      try {
        await connect()
        const sockets = setNoDelay.mock.contexts as Socket[]
        const ours = sockets.findIndex((socket) => socket.remotePort === server.port)
        expect(setNoDelay.mock.calls[ours]).toEqual([true])
      } finally {
        setNoDelay.mockRestore()
      }
    })

    it('closes for good', async () => {
      const connection = await connect()
      await connection.close()
      await connection.closed
      await connection.close()
      await expect(connection.exec('true')).rejects.toMatchObject({ code: 'SSH_LOST' })
    })

    forwardSuite(() => ({ connect, cut: () => server.cut() }))
  })
}
