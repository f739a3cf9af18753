import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { RmadaError } from '../../core/error.ts'
import type { NetworkRecord, NetworkRecords } from '../../core/ports/index.ts'
import { NetworkRecordSchema } from './record-schema.ts'

/** Ids become folder names, so they must not climb out of their parent. */
const safeId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code

function failed(verb: 'read' | 'written', path: string, cause: unknown): RmadaError {
  const { code } = cause as NodeJS.ErrnoException
  const why =
    code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'EACCES' || code === 'EPERM'
        ? 'permission was denied'
        : (code ?? 'its content is damaged')
  return new RmadaError('DATA_UNREADABLE', `Rmada's file ${path} cannot be ${verb}: ${why}.`, {
    suggestion: "Look at the free space and the permissions of Rmada's data folder.",
    details: { path, ...(code ? { code } : {}) },
    cause
  })
}

/**
 * What this computer knows of its networks: one folder for each, 0700, with `record.json`, the private key `key` and
 * the `secret`, all 0600. Files are replaced whole, never written in place.
 */
export function createNetworkRecords(directory: string): NetworkRecords {
  const folderOf = (id: string): string => {
    if (!safeId.test(id)) throw new Error(`Not an id of a network: ${JSON.stringify(id)}`)
    return join(directory, id)
  }
  const write = async (id: string, name: string, content: string): Promise<void> => {
    const path = join(folderOf(id), name)
    try {
      await mkdir(folderOf(id), { recursive: true, mode: 0o700 })
      await writeFileAtomic(path, content, { mode: 0o600 })
    } catch (error) {
      throw failed('written', path, error)
    }
  }
  const read = async (id: string, name: string): Promise<string | null> => {
    const path = join(folderOf(id), name)
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null
      throw failed('read', path, error)
    }
  }

  /** A damaged record is set aside: it is a cache, and the network is still found by its tags in the cloud. */
  const readRecord = async (id: string): Promise<NetworkRecord | null> => {
    const text = await read(id, 'record.json')
    if (text === null) return null
    try {
      return NetworkRecordSchema.parse(JSON.parse(text))
    } catch {
      await rename(join(folderOf(id), 'record.json'), join(folderOf(id), 'record.damaged.json'))
      return null
    }
  }

  /** Two callers at once must get the same secret, so its making happens once. */
  const secrets = new Map<string, Promise<string>>()
  const findSecret = async (id: string): Promise<string> => {
    const kept = (await read(id, 'secret'))?.trim()
    if (kept && /^[0-9a-f]{64}$/.test(kept)) return kept
    const fresh = randomBytes(32).toString('hex')
    await write(id, 'secret', `${fresh}\n`)
    return fresh
  }

  return {
    async all() {
      let names: string[]
      try {
        names = await readdir(directory)
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return []
        throw failed('read', directory, error)
      }
      const records = await Promise.all(
        names
          .filter((name) => safeId.test(name))
          .toSorted()
          .map(readRecord)
      )
      return records.filter((record) => record !== null)
    },
    save: (record) => write(record.id, 'record.json', `${JSON.stringify(record, null, 2)}\n`),
    async remove(id) {
      secrets.delete(id)
      await rm(folderOf(id), { recursive: true, force: true })
    },
    privateKey: (id) => read(id, 'key'),
    savePrivateKey: (id, key) => write(id, 'key', key),
    async secret(id) {
      const known = secrets.get(id) ?? findSecret(id)
      secrets.set(id, known)
      try {
        return await known
      } catch (error) {
        secrets.delete(id)
        throw error
      }
    }
  }
}
