import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contractFile, contractJson } from '../../scripts/contract-json.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const source = join(root, 'r-package')
let folder: string
let environment: NodeJS.ProcessEnv

async function r(...parts: string[]): Promise<string> {
  const { stdout, stderr } = await run('R', ['--no-save', '--no-restore', '--no-echo', '-e', parts.join('\n')], {
    env: environment, cwd: folder, maxBuffer: 1 << 24
  }).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`${error.message}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`)
  })
  return stdout + stderr
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rmada-r-'))
  environment = {
    ...process.env,
    // The pinned Node for what the package starts, and no manager, records or home of the user's.
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
    RMADA_DATA_DIR: join(folder, 'data'),
    RMADA_RUNTIME_DIR: join(folder, 'run'),
    RMADA_COMMAND: `"${process.execPath}" "${join(root, 'bin/rmada.mjs')}"`,
    NOT_CRAN: 'true',
    _R_CHECK_FORCE_SUGGESTS_: 'false'
  }
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Ends the manager that R has started, and waits until it has: it powers its practice machines off. */
async function stopManager(): Promise<void> {
  const file = join(folder, 'run/manager.json')
  await run(process.execPath, [join(root, 'bin/rmada.mjs'), 'manager', 'stop'], { env: environment }).catch(() => {})
  await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(false)
}

describe('contract.json', () => {
  it('is the contract: run scripts/contract-json.ts after a change', async () => {
    expect(await readFile(contractFile, 'utf8')).toBe(contractJson())
  })
})

describe('R CMD check', () => {
  it('ends without errors and warnings, its tests and examples included', async () => {
    await run('R', ['CMD', 'build', source], { cwd: folder, env: environment })
    const options = { cwd: folder, env: environment, maxBuffer: 1 << 24 }
    const { stdout } = await run('R', ['CMD', 'check', '--no-manual', 'rmada_0.1.0.tar.gz'], options)
      .catch(async (error: Error & { stdout?: string }) => {
        const log = join(folder, 'rmada.Rcheck/tests/testthat.Rout.fail')
        throw new Error(`${error.stdout ?? error.message}\n${existsSync(log) ? await readFile(log, 'utf8') : ''}`)
      })
    expect(stdout).toMatch(/^Status: OK|^\* DONE/m)
    expect(stdout).not.toMatch(/WARNING|ERROR/)
    expect(await readFile(join(folder, 'rmada.Rcheck/00check.log'), 'utf8')).toMatch(/^Status: OK$/m)
  }, 300_000)
})

describe('the package with the real manager on the practice cloud', () => {
  it('creates a network, computes on it, and terminates it', async () => {
    const library = join(folder, 'rmada.Rcheck')
    try {
      const said = await r(
        `library(rmada, lib.loc = ${JSON.stringify(library)})`,
        'options(rmada.timeout = 30)',
        'shown <- function(what, value) cat("<", what, ">", format(value), "\\n", sep = "")',
        'bad <- tryCatch(ppe.createNetwork("r-test", instances = 2.5, confirm = FALSE), rmada_error = function(e) e)',
        'shown("fault", bad$code)',
        'name <- ppe.createNetwork("r-test", instances = 2, confirm = FALSE)',
        'shown("names", ppe.getNetworkNames())',
        'shown("status", ppe.getNetworkStatus())',
        'shown("master", nzchar(ppe.getMasterNodeURL()))',
        'ppe.startClient()',
        'shown("sum", re(1 + 1))',
        'x <- runif(1e5); upo(x)',
        'shown("exact", identical(re(x), x))',
        're({ library(Rmpi); mpi.spawn.Rslaves(nslaves = 1, needlog = FALSE) })',
        'shown("slaves", re(length(mpi.remote.exec(Sys.getpid()))))',
        're(mpi.close.Rslaves())',
        'ppe.rebootNetwork("r-test")',
        'ppe.startClient()',
        'shown("fresh", !re(exists("x")))',
        'ppe.closeClient()',
        'ppe.terminateNetwork("r-test")',
        'shown("left", length(ppe.getNetworkNames()))'
      )
      const shown = Object.fromEntries([...said.matchAll(/^<(\w+)>(.*)$/gm)].map((match) => [match[1], match[2]]))
      expect(shown).toEqual({
        fault: 'COUNT_INVALID', names: 'r-test', status: 'running', master: 'TRUE', sum: '2', exact: 'TRUE',
        slaves: '1', fresh: 'TRUE', left: '0'
      })
    } finally {
      await stopManager()
    }
  })
})
