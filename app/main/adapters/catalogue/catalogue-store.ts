import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { CatalogueStore, Log } from '../../core/ports/index.ts'

/** Keys become file names, so they must not climb out of their folder. */
const safeKey = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** One JSON file for each key in this folder, 0600 in 0700, replaced whole. */
export function createCatalogueStore(directory: string, log: Log): CatalogueStore {
  const pathOf = (key: string): string => {
    if (!safeKey.test(key)) throw new Error(`Not a key of the catalogue: ${JSON.stringify(key)}`)
    return join(directory, `${key}.json`)
  }
  return {
    async read(key) {
      try {
        return await readFile(pathOf(key), 'utf8')
      } catch {
        return null
      }
    },
    async write(key, text) {
      const path = pathOf(key)
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 })
        await writeFileAtomic(path, text, { mode: 0o600 })
      } catch (error) {
        // A full disk costs the next start a question to the cloud, nothing else.
        log('warn', 'The catalogue could not be kept on disk', { path, why: String(error) })
      }
    }
  }
}
