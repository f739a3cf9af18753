import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scriptWith } from '../shell-text.ts'
import { installParts, installScript } from './install-script.ts'
import type { InstallParts, PackageManager } from './install-script.ts'
import { isPackageName, packageFinding } from './package-names.ts'

const parts = Object.fromEntries(installParts.map(part => [
  part, readFileSync(new URL(`../../../../resources/bootstrap/install/${part}.sh`, import.meta.url), 'utf8')
])) as InstallParts
const wish = { role: 'master' as const, packages: ['data.table', 'Rcpp', 'data.table'], webIde: true }
const managers: readonly PackageManager[] = ['apt', 'dnf']
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

/** What sh makes of the head of a script: its variables, each ended by NUL. */
function asRead(script: string, names: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'rmada-quoting-'))
  try {
    const show = `printf '%s\\0' ${names.map(name => `"$${name}"`).join(' ')}\n`
    const { stdout } = spawnSync('/bin/sh', ['-s'], { input: `${script}${show}`, encoding: 'utf8', cwd: folder, env: {} })
    expect(readdirSync(folder)).toEqual([])
    return stdout.split('\0').slice(0, -1)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the installation script', () => {
  for (const manager of managers) {
    it(`for ${manager} is its variables and its parts, in this order`, async () => {
      const head = installScript(wish, manager, {
        common: '# common\n', apt: '# apt\n', dnf: '# dnf\n', 'r-packages': '# r-packages\n', master: '# master\n',
        main: '# main\n'
      })
      await expect(head).toMatchFileSnapshot(`golden/install-${manager}.sh`)
    })

    it.runIf(hasShellcheck)(`for ${manager} has nothing that shellcheck objects to`, () => {
      for (const role of ['master', 'slave'] as const) {
        const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', '-'], {
          input: installScript({ ...wish, role }, manager, parts), encoding: 'utf8'
        })
        expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
      }
    })
  }

  it('names a version and a checksum of RStudio Server that belong together in form', () => {
    const script = installScript(wish, 'apt', parts)
    expect(script).toMatch(/^RSTUDIO_URL='https:\/\/download2\.rstudio\.org\/server\/jammy\/amd64\/[\w.-]+\.deb'$/m)
    expect(script).toMatch(/^RSTUDIO_SHA256='[0-9a-f]{64}'$/m)
  })

  it('never puts anything but names into a script of root\'s', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), names => {
      fc.pre(names.some(name => !isPackageName(name)))
      expect(() => installScript({ ...wish, packages: names }, 'apt', parts)).toThrow(/R packages?/)
    }))
    for (const name of ['$(touch x)', 'a;b', "a'b", 'a b', '-rf', '', 'a.', '1a', 'é1', 'a\nb', 'x'.repeat(10_000)]) {
      expect(packageFinding([name])?.code).toBe('PACKAGE_INVALID')
    }
  })

  it('gives sh exactly the names that were asked for', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,20}[A-Za-z0-9]$/)
    fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 8 }), names => {
      const empty = { common: '', apt: '', dnf: '', 'r-packages': '', master: '', main: '' }
      const [read] = asRead(installScript({ ...wish, packages: names }, 'apt', empty), ['PACKAGES'])
      expect(read).toBe(names.join(' '))
    }), { numRuns: 25 })
  })

  it('quotes whatever text for sh, so that nothing of it runs', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('$(touch made)', '`touch made`', "'; touch made; '", '\\', '!!', '*', "'\\''", '\n\n', '-n')
    ).map(one => one.replaceAll(/[\0\uD800-\uDFFF]/g, ''))
    fc.assert(fc.property(text, text, (one, two) => {
      expect(asRead(scriptWith({ ONE: one, TWO: two }, ''), ['ONE', 'TWO'])).toEqual([one, two])
    }), { numRuns: 40 })
  })
})
