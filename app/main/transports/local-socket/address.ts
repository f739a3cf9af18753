import { createHash } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** Longest path that every Unix can bind a socket to is 103 bytes; some room is left. */
const longestPath = 100

/**
 * Where the manager with this runtime directory listens: `manager.sock` in it, or, where that path is too long for a
 * socket, in a folder of the user's own below the temporary directory. On Windows a named pipe.
 */
export function socketAddress(runtimeDirectory: string, platform: NodeJS.Platform = process.platform): string {
  const digest = createHash('sha256').update(runtimeDirectory).digest('hex').slice(0, 12)
  if (platform === 'win32') return `\\\\.\\pipe\\rmada-${digest}`
  const inside = join(runtimeDirectory, 'manager.sock')
  if (Buffer.byteLength(inside) <= longestPath) return inside
  return join(tmpdir(), `rmada-${userInfo().uid}-${digest}`, 'manager.sock')
}
