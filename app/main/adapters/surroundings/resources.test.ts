import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createReadResource } from './resources.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rmada-root-'))
  mkdirSync(join(root, 'resources', 'bootstrap'), { recursive: true })
  writeFileSync(join(root, 'resources', 'bootstrap', 'ide.sh'), 'echo ü\n')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('reads what travels with the app, and nothing outside it', async () => {
  const read = createReadResource(root)
  expect(await read('resources/bootstrap/ide.sh')).toBe('echo ü\n')
  await expect(read('resources/none.sh')).rejects.toThrow(/ENOENT/)
  await expect(read('../../etc/passwd')).rejects.toThrow('Not a resource')
})
