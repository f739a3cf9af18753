import { Socket } from 'node:net'
import { Client } from 'ssh2'
import type { Algorithms } from 'ssh2'
import type { RmadaError } from '../../core/error.ts'
import type { Cancellation } from '../../core/cancellation.ts'
import type { SshTarget } from '../../core/ports/index.ts'
import { authenticationFailed, cancelled, hostKeyMismatch, keyUnreadable } from './failures.ts'
import { algorithmsOf, isPinned } from './host-keys.ts'

const connectLimitMs = 5_000
const readyLimitMs = 15_000

/** Dead peers are noticed after three intervals of silence. */
const keepalive = { keepaliveInterval: 5_000, keepaliveCountMax: 2 }

const algorithms: Algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521'
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512']
}

/** sshd's words while PAM keeps users out because the machine is still starting or already going down. */
const notYet = /booting up|not permitted to log in yet|going down/i

/**
 * Opens the TCP connection that ssh runs on. ssh sends many small packets, so Nagle's algorithm is off: with it each
 * keystroke and each small reply would wait up to 40 ms for the peer's delayed acknowledgement.
 */
function openSocket(target: SshTarget, timeoutMs: number, signal?: Cancellation): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = new Socket()
    const finish = (error: unknown) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      socket.off('error', finish)
      if (error === null) return resolve(socket)
      socket.on('error', () => {
        /* the attempt is over; a late error has nobody to tell */
      })
      socket.destroy()
      reject(error)
    }
    const abort = () => finish(cancelled())
    const timer = setTimeout(
      () => finish(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })),
      timeoutMs
    )
    signal?.addEventListener('abort', abort, { once: true })
    socket.setNoDelay(true)
    socket.setKeepAlive(true, keepalive.keepaliveInterval)
    socket.on('error', finish)
    socket.connect(target.port, target.host, () => finish(null))
  })
}

/**
 * One attempt at a connection, up to authentication. Host key and authentication failures are RmadaErrors (final); all
 * else is the error as it came, worth another try.
 */
export async function handshake(target: SshTarget, remainingMs: number, signal?: Cancellation): Promise<Client> {
  const serverHostKey = algorithmsOf(target.hostKeys)
  if (serverHostKey.length === 0) throw hostKeyMismatch(target)
  const sock = await openSocket(target, Math.min(connectLimitMs, remainingMs), signal)
  const client = new Client()
  return await new Promise<Client>((resolve, reject) => {
    let refusal: RmadaError | null = null
    let banner = ''
    const finish = (error: unknown) => {
      signal?.removeEventListener('abort', abort)
      client.removeAllListeners()
      if (error === null) return resolve(client)
      client.on('error', () => {
        /* already told */
      })
      sock.destroy()
      reject(error)
    }
    const abort = () => finish(cancelled())
    signal?.addEventListener('abort', abort, { once: true })
    client.on('banner', (text) => {
      banner += text
    })
    client.on('ready', () => finish(null))
    client.on('close', () => finish(refusal ?? new Error('the server closed the connection')))
    client.on('error', (error: Error & { level?: string }) => {
      if (refusal) return finish(refusal)
      if (error.level === 'client-authentication' && !notYet.test(banner))
        return finish(authenticationFailed(target, error))
      // The server has no key of a pinned type at all: it cannot be the pinned server.
      if (/no matching host key/i.test(error.message)) return finish(hostKeyMismatch(target))
      finish(error)
    })
    try {
      client.connect({
        sock,
        username: target.user,
        ...(target.agent === undefined
          ? {
              privateKey: target.privateKey,
              ...(target.passphrase === undefined ? {} : { passphrase: target.passphrase }),
              authHandler: ['publickey']
            }
          : { agent: target.agent, authHandler: ['agent'] }),
        readyTimeout: Math.max(1, Math.min(readyLimitMs, remainingMs)),
        algorithms: { ...algorithms, serverHostKey },
        hostVerifier: (key: Buffer) => {
          const pinned = isPinned(target.hostKeys, key)
          if (!pinned) refusal = hostKeyMismatch(target)
          return pinned
        },
        ...keepalive
      })
    } catch {
      // connect() throws at once only for what it cannot parse, and the key is the one thing that comes from a file.
      finish(keyUnreadable(target))
    }
  })
}
