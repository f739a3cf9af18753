import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from './log.ts'

describe('createLog', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rmada-log-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const lines = (name = 'rmada.log') =>
    readFileSync(join(folder, 'data', name), 'utf8')
      .trimEnd()
      .split('\n')

  it('writes one JSON line for each call, private, with a time', () => {
    const log = createLog(join(folder, 'data'))
    log('info', 'first\nline')
    log('warn', 'second', { network: 'night' })
    const parsed = lines().map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(parsed).toEqual([
      { at: expect.stringMatching(/^\d{4}-.*Z$/), level: 'info', message: 'first\nline' },
      { at: expect.any(String), level: 'warn', message: 'second', details: { network: 'night' } }
    ])
    expect(statSync(join(folder, 'data', 'rmada.log')).mode & 0o777).toBe(0o600)
  })

  it('hides secrets in the message, in the details and behind telling names', () => {
    createLog(join(folder, 'data'))('error', 'key AKIAIOSFODNN7EXAMPLE', {
      reason: 'with ASIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'short-secret'
    })
    expect(lines().join()).not.toMatch(/AKIA|ASIA|short-secret/)
    expect((JSON.parse(lines()[0] ?? '') as { details: unknown }).details).toEqual({
      reason: 'with [hidden]',
      secretAccessKey: '[hidden]'
    })
  })

  it('keeps two files of bounded size, the last line always in the first', () => {
    const log = createLog(join(folder, 'data'), 1_000)
    for (let n = 0; n < 100; n += 1) log('info', `line ${n}`)
    expect(readdirSync(join(folder, 'data')).toSorted()).toEqual(['rmada.1.log', 'rmada.log'])
    expect(lines().at(-1)).toContain('line 99')
    for (const name of ['rmada.log', 'rmada.1.log'])
      expect(statSync(join(folder, 'data', name)).size).toBeLessThan(1_200)
  })

  it('never fails its caller, wherever it is told to write', () => {
    writeFileSync(join(folder, 'data'), 'a file in the way')
    expect(() => createLog(join(folder, 'data'))('info', 'lost')).not.toThrow()
  })
})
