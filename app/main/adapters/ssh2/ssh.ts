import { setTimeout as sleep } from 'node:timers/promises'
import { RmadaError } from '../../core/error.ts'
import type { Cancellation } from '../../core/cancellation.ts'
import type { Ssh, SshConnection } from '../../core/ports/index.ts'
import { openConnection } from './connection.ts'
import { cancelled, unreachable } from './failures.ts'
import { handshake } from './handshake.ts'

/** Pause between attempts: short at first, as a booting sshd answers soon; longer when it does not. */
const firstPauseMs = 150
const longestPauseMs = 2_000

/** Sleeps, or raises CANCELLED as soon as the signal fires. */
async function pause(ms: number, signal?: Cancellation): Promise<void> {
  const stop = new AbortController()
  const abort = () => stop.abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await sleep(ms, undefined, { signal: stop.signal })
  } catch {
    throw cancelled()
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** The Ssh port over the ssh2 library. `close` ends every connection that it opened. */
export function createSsh(): Ssh & { close(): Promise<void> } {
  const open = new Set<SshConnection>()
  return {
    async connect(target, { timeoutMs, signal }) {
      const deadline = Date.now() + timeoutMs
      for (let wait = firstPauseMs; ; wait = Math.min(wait * 1.6, longestPauseMs)) {
        if (signal?.aborted) throw cancelled()
        try {
          const client = await handshake(target, Math.max(1, deadline - Date.now()), signal)
          const connection = openConnection(client, target)
          open.add(connection)
          void connection.closed.then(() => open.delete(connection))
          return connection
        } catch (error) {
          if (error instanceof RmadaError) throw error
          if (Date.now() + wait >= deadline) throw unreachable(target, timeoutMs, error)
          await pause(wait * (0.75 + Math.random() / 2), signal)
        }
      }
    },
    async close() {
      await Promise.all([...open].map((connection) => connection.close()))
    }
  }
}
