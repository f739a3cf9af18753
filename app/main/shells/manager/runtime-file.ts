import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RuntimeFile } from '../../../contract/index.ts'

const path = (runtimeDirectory: string): string => join(runtimeDirectory, 'manager.json')

/** Tells clients where the manager is; written whole or not at all, readable by this user alone. */
export function writeRuntimeFile(runtimeDirectory: string, content: RuntimeFile): void {
  const temporary = `${path(runtimeDirectory)}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(content)}\n`, { mode: 0o600 })
  chmodSync(temporary, 0o600)
  renameSync(temporary, path(runtimeDirectory))
}

/** Where the manager says it is, or null: none has been started, or the last one ended in good order. */
export function readRuntimeFile(runtimeDirectory: string): RuntimeFile | null {
  try {
    return RuntimeFile.parse(JSON.parse(readFileSync(path(runtimeDirectory), 'utf8')))
  } catch {
    // Absent, or not ours to understand: either way no manager can be found by it, and the next one replaces it.
    return null
  }
}

export function removeRuntimeFile(runtimeDirectory: string): void {
  rmSync(path(runtimeDirectory), { force: true })
}
