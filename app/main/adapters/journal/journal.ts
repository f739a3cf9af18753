import { mkdir, open, readFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { RmadaError } from '../../core/error.ts'
import type { Journal, JournalEntry } from '../../core/ports/index.ts'

const Entry: z.ZodType<JournalEntry> = z.object({
  networkId: z.string(),
  at: z.string(),
  kind: z.enum(['network', 'key-pair', 'security-group', 'placement-group', 'instances', 'volume', 'terminate', 'image']),
  phase: z.enum(['intent', 'done']),
  token: z.string(),
  id: z.string().nullable()
})

function failed(file: string, what: string, suggestion: string, cause: unknown): RmadaError {
  return new RmadaError('DATA_UNREADABLE', `Rmada's journal ${file} ${what}.`, { suggestion, details: { file }, cause })
}

function unwritable(file: string, cause: unknown): RmadaError {
  const { code } = cause as NodeJS.ErrnoException
  const why =
    code === 'ENOSPC' ? 'the disk is full' : code === 'EACCES' ? 'permission was denied' : (code ?? String(cause))
  return failed(
    file,
    `cannot be written: ${why}`,
    "Free some space or mend the permissions of Rmada's data folder, then try again.",
    cause
  )
}

/** The whole lines of a journal; what stands after the last newline is a line that a crash tore. */
function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw failed(file, 'cannot be read', "Mend the permissions of Rmada's data folder.", error)
  }
}

function parse(file: string, line: string, index: number): JournalEntry {
  try {
    return Entry.parse(JSON.parse(line))
  } catch (error) {
    throw failed(
      file,
      `is damaged in line ${index + 1}`,
      'Move the file away and start again: what is rented is found by its tags in the cloud.',
      error
    )
  }
}

/** Length of the file up to its last newline: all of it, unless a crash tore the last line. */
async function wholeLength(handle: FileHandle): Promise<{ size: number; whole: number }> {
  const { size } = await handle.stat()
  if (size === 0) return { size, whole: 0 }
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  if (buffer.toString() === '\n') return { size, whole: size }
  const text = await handle.readFile()
  return { size, whole: text.lastIndexOf('\n') + 1 }
}

/**
 * Makes the entry durable. A torn line that an earlier crash left is cut off first, or the entry would become its
 * rest; a line that could not be written whole is cut off again.
 */
async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size, whole } = await wholeLength(handle)
    if (whole < size) await handle.truncate(whole)
    try {
      await handle.appendFile(`${line}\n`)
      await handle.sync()
    } catch (error) {
      await handle.truncate(whole).catch(() => {
        /* the next append cuts it off */
      })
      throw error
    }
    // The file's own name must be durable too; on Windows folders cannot be opened, and need not be.
    if (whole === 0 && process.platform !== 'win32') await syncFolder(dirname(file))
  } finally {
    await handle.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The journal in one file of JSON lines, 0600. Calls are done one after the other in the order they were made. */
export function createJournal(file: string): Journal {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => {})
    return turn
  }
  const entries = async () => wholeLines(await readText(file)).map((line, index) => parse(file, line, index))
  return {
    append: (entry) =>
      inTurn(async () => {
        try {
          await appendLine(file, JSON.stringify(entry))
        } catch (error) {
          throw unwritable(file, error)
        }
      }),
    entries: () => inTurn(entries),
    forget: (networkId) =>
      inTurn(async () => {
        const all = await entries()
        const rest = all.filter((entry) => entry.networkId !== networkId)
        if (rest.length === all.length) return
        try {
          await writeFileAtomic(file, rest.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
        } catch (error) {
          throw unwritable(file, error)
        }
      })
  }
}
