import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../core/ports/index.ts'
import { scrub } from './scrub.ts'

/** Two files of this size at most: the present one and the one before. */
const defaultLimit = 2 * 1024 * 1024

/**
 * A log of JSON lines in `rmada.log` of this folder, 0600, scrubbed of secrets. Lines are written at once and in order,
 * so that the last one before a crash is there. A disk that is full costs lines, never the caller.
 */
export function createLog(directory: string, limit = defaultLimit): Log {
  const file = join(directory, 'rmada.log')
  const rotate = () => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (size >= limit) renameSync(file, join(directory, 'rmada.1.log'))
  }
  return (level, message, details) => {
    const scrubbed = Object.fromEntries(
      Object.entries(details ?? {}).map(([name, value]) => [name, scrub(`${name}=${value}`).slice(name.length + 1)])
    )
    const line = JSON.stringify({
      at: new Date().toISOString(),
      level,
      message: scrub(message),
      ...(details ? { details: scrubbed } : {})
    })
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      rotate()
      appendFileSync(file, `${line}\n`, { mode: 0o600 })
    } catch {
      // There is nowhere left to say it.
    }
  }
}
