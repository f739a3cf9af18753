// Builds the R package and runs R CMD check on it; an error or a warning fails, notes are shown.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../../r-package', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'rmada-r-check-'))
const r = (args: readonly string[]) => spawnSync('R', ['CMD', ...args], { cwd: work, encoding: 'utf8' })
let ok = false
try {
  const built = r(['build', '--no-manual', source])
  const tarball = readdirSync(work).find((name) => name.endsWith('.tar.gz'))
  if (built.status !== 0 || tarball === undefined) {
    console.log(built.stdout, built.stderr)
    throw new Error('R CMD build failed.')
  }
  const checked = r(['check', '--no-manual', tarball])
  console.log(checked.stdout)
  const status = /Status: (.*)/.exec(checked.stdout)?.[1] ?? 'unknown'
  ok = checked.status === 0 && !/ERROR|WARNING/.test(status)
  if (!ok) {
    for (const name of ['00install.out', 'tests/testthat.Rout.fail']) {
      try {
        console.log(readFileSync(join(work, 'rmada.Rcheck', name), 'utf8'))
      } catch {
        // R CMD check writes these only when that step failed.
      }
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.exit(ok ? 0 : 1)
