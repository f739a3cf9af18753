import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Takes the lock that makes a process the one manager of this user, or returns null when another has it.
 *
 * A lock of the operating system, by way of SQLite (Node has no flock of its own): the kernel drops it with the
 * process, however that ends, so a dead manager never holds it and two starters can never both get it. A socket file
 * alone cannot do that: between seeing that it is stale and replacing it, another starter may have made a live one.
 */
export function takeLock(file: string): { release(): void } | null {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // The rollback journal in memory: the lock is all that is wanted, no file beside it.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === 5 /* SQLITE_BUSY */) return null
    throw error
  }
  return { release: () => { database.close() } }
}
