import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskLogFiles } from '../../core/ports/index.ts'
import { scrub } from './scrub.ts'

/** Logs of older tasks than this many are removed. */
const keptFiles = 100
const longestFile = 20 * 1024 * 1024

/**
 * One file for each task in this folder, 0600, scrubbed of secrets. Written at once, so that a crash loses nothing; a
 * disk that is full costs lines, never the task.
 */
export function createTaskLogFiles(directory: string): TaskLogFiles {
  const path = (id: string) => join(directory, `${id.replaceAll(/[^A-Za-z0-9-]/g, '_')}.log`)
  const begun = new Set<string>()
  const begin = (id: string): void => {
    if (begun.has(id)) return
    begun.add(id)
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const files = readdirSync(directory).filter(name => name.endsWith('.log')).map(name => join(directory, name))
    const oldestFirst = files.map(file => ({ file, at: statSync(file).mtimeMs })).toSorted((a, b) => a.at - b.at)
    for (const { file } of oldestFirst.slice(0, Math.max(0, files.length - keptFiles + 1))) rmSync(file, { force: true })
  }
  return {
    path,
    append(id, text) {
      try {
        begin(id)
        if ((statSync(path(id), { throwIfNoEntry: false })?.size ?? 0) > longestFile) return
        appendFileSync(path(id), scrub(text), { mode: 0o600 })
      } catch {
        // The lines that are shown are in memory; the disk has no room or is not ours.
      }
    }
  }
}
