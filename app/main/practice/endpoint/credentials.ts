import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { RmadaError } from '../../core/error.ts'
import type { Credentials } from './protocol/signature.ts'
import { writeDurably } from './store.ts'

const Kept = z.object({ accessKeyId: z.string().min(16), secretAccessKey: z.string().min(40) })

/** The credentials of this computer's practice cloud: random, made once, in a file that only the user can read. */
export async function openCredentials(file: string): Promise<Credentials> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) {
    const made = {
      accessKeyId: `PRACTICE${randomBytes(6).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64url')
    }
    await writeDurably(file, JSON.stringify(made))
    return made
  }
  try {
    return Kept.parse(JSON.parse(text))
  } catch (cause) {
    throw new RmadaError('DATA_UNREADABLE', `The practice cloud cannot read its own credentials: ${file}`, {
      suggestion: 'Delete that file; the practice cloud then makes new credentials.',
      cause
    })
  }
}
