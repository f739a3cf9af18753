import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Electron's binary, or null where it is not installed. Looked for by its files: to import `electron` from Node would
 * start a download, which may hang.
 */
export function electronBinary(): string | null {
  const folder = join(root, 'node_modules/electron')
  const named = join(folder, 'path.txt')
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist')
  const binary = join(dist, existsSync(named) ? readFileSync(named, 'utf8') : 'electron')
  return existsSync(binary) ? binary : null
}
