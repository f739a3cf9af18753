import { readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { ReadResource } from '../../core/ports/index.ts'

/** Reads files that travel with the app, by their path below the app's root. */
export function createReadResource(root: string): ReadResource {
  return async (path) => {
    const full = join(root, path)
    if (relative(root, full).split(sep)[0] === '..') throw new Error(`Not a resource of Rmada: ${path}`)
    return await readFile(full, 'utf8')
  }
}
