import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const repository = fileURLToPath(new URL('../..', import.meta.url))
const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))

interface Report {
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string }[]
}

describe.runIf(process.platform === 'linux')('the leak guard', () => {
  let folder: string
  let report: Report

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rmada-leak-'))
    const output = join(folder, 'report.json')
    const needsRoot = /mount|namespace|device/
    const files = readdirSync(fixtures).filter((name) => name.startsWith('leaves-')
      && (isRoot || !needsRoot.test(name)))
    await new Promise<void>((resolve) => {
      execFile(process.execPath, [
        join(repository, 'node_modules/vitest/vitest.mjs'), 'run', '--config', join(fixtures, 'vitest.config.ts'),
        '--maxWorkers=2', '--reporter=json', `--outputFile=${output}`, ...files
      ], { cwd: repository, env: { ...process.env, TMPDIR: folder } }, () => resolve())
    })
    report = JSON.parse(await readFile(output, 'utf8')) as Report
  }, 60_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const messageOf = (file: string): string => {
    const result = report.testResults.find(({ name }) => basename(name) === file)
    if (!result) throw new Error(`${file} did not run`)
    return result.status === 'passed' ? 'passed' : result.message
  }

  it('lets a file pass that leaves nothing', () => {
    expect(messageOf('leaves-nothing.ts')).toBe('passed')
  })

  it.each([
    ['leaves-a-process.ts', /leaves behind:\n {2}process \d+: .*sleep 600/],
    ['leaves-a-socket.ts', /leaves behind:\n {2}socket listening on tcp port \d+/],
    ['leaves-a-socket-file.ts', /leaves behind:\n {2}socket listening at \/.*\/s/]
  ])('fails a file that %s', (file, words) => {
    expect(messageOf(file)).toMatch(words)
  })

  it.runIf(isRoot).each([
    ['leaves-a-mount.ts', /leaves behind:\n {2}mount \/.*mount-/],
    ['leaves-a-namespace.ts', /leaves behind:\n {2}namespace mounted at \/.*namespace/],
    ['leaves-a-device.ts', /leaves behind:\n {2}network device rmadat\d+/]
  ])('fails a file that %s', (file, words) => {
    expect(messageOf(file)).toMatch(words)
  })

  it('ends what it found, so that the machine stays clean', () => {
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder)
    expect(readdirSync('/sys/class/net').filter((name) => name.startsWith('rmadat'))).toEqual([])
    expect(readdirSync(folder)).toEqual(['report.json'])
  })
})
