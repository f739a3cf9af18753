import { spawn } from 'node:child_process'
import { appendFile, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createJournal } from '../../app/main/adapters/journal/journal.ts'
import type { JournalEntry } from '../../app/main/core/ports/index.ts'
import { temporaryFolders } from './fixtures/temporary.ts'

const entry = (token: string, networkId = 'n1'): JournalEntry => ({
  networkId,
  at: '2026-11-20T10:00:00.000Z',
  kind: 'instances',
  phase: 'intent',
  token,
  id: null
})

describe('journal', () => {
  const folder = temporaryFolders()
  const fresh = async () => join(await folder('journal'), 'new', 'journal.jsonl')
  const tokens = async (file: string) => (await createJournal(file).entries()).map((found) => found.token)

  it('is empty before the first entry, then gives back what was appended, in order, to a later start too', async () => {
    const file = await fresh()
    const journal = createJournal(file)
    expect(await journal.entries()).toEqual([])
    await Promise.all(['a', 'b', 'c'].map((token) => journal.append(entry(token))))
    expect(await journal.entries()).toEqual(['a', 'b', 'c'].map((token) => entry(token)))
    expect(await tokens(file)).toEqual(['a', 'b', 'c'])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('drops a line that a crash tore, wherever it tore it, and goes on after it', async () => {
    const line = JSON.stringify(entry('größe'))
    for (let cut = 1; cut <= Buffer.byteLength(line); cut += 7) {
      const file = await fresh()
      await createJournal(file).append(entry('whole'))
      await appendFile(file, Buffer.from(line).subarray(0, cut))
      expect(await tokens(file)).toEqual(['whole'])
      await createJournal(file).append(entry('next'))
      expect(await tokens(file)).toEqual(['whole', 'next'])
    }
  })

  it('forgets one network alone and leaves the file private', async () => {
    const file = await fresh()
    const journal = createJournal(file)
    for (const name of ['n1', 'n2', 'n1']) await journal.append(entry(`for ${name}`, name))
    await Promise.all([journal.forget('n1'), journal.append(entry('later', 'n3')), journal.forget('unknown')])
    expect(await tokens(file)).toEqual(['for n2', 'later'])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('refuses to guess when a line in the middle is damaged', async () => {
    const file = await fresh()
    await createJournal(file).append(entry('a'))
    const text = await readFile(file, 'utf8')
    for (const damage of ['{"half":', '{"networkId":"n1"}']) {
      await writeFile(file, `${text}${damage}\n${text}`)
      await expect(createJournal(file).entries()).rejects.toMatchObject({
        code: 'DATA_UNREADABLE',
        message: expect.stringContaining('line 2')
      })
    }
  })

  it('keeps every entry that it promised when the writer is killed in the middle', async () => {
    const file = await fresh()
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'journal-writer.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    const ended = once(child, 'exit')
    let promised = ''
    for await (const chunk of child.stdout) {
      promised += String(chunk)
      if (promised.split('\n').length > 40) child.kill('SIGKILL')
    }
    expect((await ended)[1]).toBe('SIGKILL')
    const kept = await tokens(file)
    const last = promised.split('\n').slice(0, -1)
    expect(last.length).toBeGreaterThanOrEqual(40)
    expect(kept.slice(0, last.length)).toEqual(last)
  })

  it.runIf(existsSync('/dev/full'))('says that the disk is full', async () => {
    const file = join(await folder('full'), 'journal')
    await symlink('/dev/full', file)
    await expect(createJournal(file).append(entry('a'))).rejects.toMatchObject({
      code: 'DATA_UNREADABLE',
      message: expect.stringContaining('the disk is full')
    })
  })
})
