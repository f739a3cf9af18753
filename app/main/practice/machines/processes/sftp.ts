import type { Stats } from 'node:fs'
import {
  chmod, chown, lstat, mkdir, open, readdir, readlink, realpath, rename, rmdir, stat, symlink, unlink, utimes
} from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { constants } from 'node:fs'
import { join, posix } from 'node:path'
import ssh2 from 'ssh2'
import type { Attributes, FileEntry, SFTPWrapper } from 'ssh2'

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp

/** A directory is read at once and told in portions. */
interface OpenDirectory { readonly entries: FileEntry[] }

/** As `ls -l` prints it: clients show this line as it is. */
function longName(name: string, stats: Stats): string {
  const kind = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-'
  const mode = Array.from('rwxrwxrwx', (letter, index) => (stats.mode & (0o400 >> index) ? letter : '-')).join('')
  const date = stats.mtime.toUTCString()
  const fields = [`${kind}${mode}`, stats.nlink, stats.uid, stats.gid, String(stats.size).padStart(10),
    date.slice(8, 11), date.slice(5, 7)]
  return `${fields.join(' ')} ${date.slice(17, 22)} ${name}`
}

const attributesOf = (stats: Stats): Attributes => ({
  mode: stats.mode,
  uid: stats.uid,
  gid: stats.gid,
  size: stats.size,
  atime: Math.floor(stats.atimeMs / 1000),
  mtime: Math.floor(stats.mtimeMs / 1000)
})

/** Node's open flags for SFTP's. */
function openFlags(flags: number): number {
  const has = (flag: number): boolean => (flags & flag) !== 0
  const write = has(OPEN_MODE.WRITE) || has(OPEN_MODE.APPEND)
  return (write ? has(OPEN_MODE.READ) ? constants.O_RDWR : constants.O_WRONLY : constants.O_RDONLY)
    | (has(OPEN_MODE.APPEND) ? constants.O_APPEND : 0)
    | (has(OPEN_MODE.CREAT) ? constants.O_CREAT : 0)
    | (has(OPEN_MODE.TRUNC) ? constants.O_TRUNC : 0)
    | (has(OPEN_MODE.EXCL) ? constants.O_EXCL : 0)
}

function statusOf(error: unknown): { code: number; text: string } {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const text = error instanceof Error ? error.message : String(error)
  if (code === 'ENOENT') return { code: STATUS_CODE.NO_SUCH_FILE, text }
  if (code === 'EACCES' || code === 'EPERM') return { code: STATUS_CODE.PERMISSION_DENIED, text }
  return { code: STATUS_CODE.FAILURE, text }
}

async function applyAttributes(path: string, attributes: Partial<Attributes>): Promise<void> {
  if (attributes.mode !== undefined) await chmod(path, attributes.mode & 0o7777)
  if (attributes.size !== undefined) {
    const file = await open(path, 'r+')
    try {
      await file.truncate(attributes.size)
    } finally {
      await file.close()
    }
  }
  if (attributes.uid !== undefined && attributes.gid !== undefined) await chown(path, attributes.uid, attributes.gid)
  if (attributes.atime !== undefined && attributes.mtime !== undefined) await utimes(path, attributes.atime,
    attributes.mtime)
}

/**
 * Serves SFTP version 3 on this computer's files; relative paths begin at the machine's home. On Windows paths travel
 * as
 * `/C:/folder`.
 */
export function serveSftp(sftp: SFTPWrapper, home: string): void {
  const handles = new Map<number, FileHandle | OpenDirectory>()
  let lastHandle = 0
  const local = (path: string): string => {
    const absolute = path.startsWith('/') ? path : join(home, path)
    return process.platform === 'win32' ? absolute.replace(/^\/(?=[A-Za-z]:)/, '') : absolute
  }
  const remote = (path: string): string => process.platform === 'win32' ? `/${path.replaceAll('\\', '/')}` : path
  const keep = (value: FileHandle | OpenDirectory): Buffer => {
    lastHandle += 1
    handles.set(lastHandle, value)
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(lastHandle)
    return handle
  }
  const numberOf = (handle: Buffer): number => handle.length === 4 ? handle.readUInt32BE() : 0
  const file = (handle: Buffer): FileHandle => {
    const value = handles.get(numberOf(handle))
    if (!value || 'entries' in value) throw new Error('No such open file')
    return value
  }
  /** Answers with what the work sends itself, with OK when it sends nothing, or with the error. */
  const answer = (id: number, work: () => Promise<void | 'sent'>): void => {
    work().then(
      (sent) => { if (sent !== 'sent') sftp.status(id, STATUS_CODE.OK) },
      (error: unknown) => {
        const { code, text } = statusOf(error)
        sftp.status(id, code, text)
      }
    )
  }
  /** Marks that the work has sent its answer (the library's methods return nothing of use). */
  const sent = (_answer: unknown): 'sent' => 'sent'

  sftp.on('OPEN', (id, path, flags, attributes) => answer(id, async () => {
    const opened = await open(local(path), openFlags(flags), (attributes.mode ?? 0o666) & 0o7777)
    return sent(sftp.handle(id, keep(opened)))
  }))
  sftp.on('READ', (id, handle, offset, length) => answer(id, async () => {
    const { bytesRead, buffer } = await file(handle)
      .read(Buffer.alloc(Math.min(length, 256 * 1024)), 0, undefined, offset)
    return sent(bytesRead === 0 ? sftp.status(id, STATUS_CODE.EOF) : sftp.data(id, buffer.subarray(0, bytesRead)))
  }))
  sftp.on('WRITE', (id, handle, offset, data) => answer(id, async () => {
    for (let done = 0; done < data.length;) {
      done += (await file(handle).write(data, done, data.length - done, offset + done)).bytesWritten
    }
  }))
  sftp.on('CLOSE', (id, handle) => answer(id, async () => {
    const value = handles.get(numberOf(handle))
    if (!value) throw new Error('No such open file')
    handles.delete(numberOf(handle))
    if (!('entries' in value)) await value.close()
  }))
  sftp.on('FSTAT', (id, handle) => answer(id, async () =>
    sent(sftp.attrs(id, attributesOf(await file(handle).stat())))))
  sftp.on('FSETSTAT', (id, handle, attributes) => answer(id, async () => {
    const target = file(handle)
    if (attributes.mode !== undefined) await target.chmod(attributes.mode & 0o7777)
    if (attributes.size !== undefined) await target.truncate(attributes.size)
    if (attributes.atime !== undefined && attributes.mtime !== undefined) await target.utimes(attributes.atime,
      attributes.mtime)
  }))
  sftp.on('STAT', (id, path) => answer(id, async () => sent(sftp.attrs(id, attributesOf(await stat(local(path)))))))
  sftp.on('LSTAT', (id, path) => answer(id, async () => sent(sftp.attrs(id, attributesOf(await lstat(local(path)))))))
  sftp.on('SETSTAT', (id, path, attributes) => answer(id, () => applyAttributes(local(path), attributes)))
  sftp.on('OPENDIR', (id, path) => answer(id, async () => {
    const folder = local(path)
    const names = ['.', '..', ...await readdir(folder)]
    const entries = await Promise.all(names.map(async (filename) => {
      const stats = await lstat(join(folder, filename)).catch(() => null)
      return stats ? [{ filename, longname: longName(filename, stats), attrs: attributesOf(stats) }] : []
    }))
    return sent(sftp.handle(id, keep({ entries: entries.flat() })))
  }))
  sftp.on('READDIR', (id, handle) => answer(id, async () => {
    const value = handles.get(numberOf(handle))
    if (!value || !('entries' in value)) throw new Error('No such open directory')
    const portion = value.entries.splice(0, 100)
    return sent(portion.length === 0 ? sftp.status(id, STATUS_CODE.EOF) : sftp.name(id, portion))
  }))
  sftp.on('MKDIR', (id, path, attributes) =>
    answer(id, () => mkdir(local(path), { mode: (attributes.mode ?? 0o777) & 0o7777 }).then(() => undefined)))
  sftp.on('RMDIR', (id, path) => answer(id, () => rmdir(local(path))))
  sftp.on('REMOVE', (id, path) => answer(id, () => unlink(local(path))))
  sftp.on('RENAME', (id, from, to) => answer(id, async () => {
    // The protocol's rename replaces nothing, the operating system's does.
    if (await lstat(local(to)).catch(() => null)) throw new Error('The new name exists already')
    await rename(local(from), local(to))
  }))
  sftp.on('SYMLINK', (id, link, target) => answer(id, () => symlink(target, local(link))))
  sftp.on('READLINK', (id, path) => answer(id, async () => {
    const filename = remote(await readlink(local(path)))
    return sent(sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]))
  }))
  sftp.on('REALPATH', (id, path) => answer(id, async () => {
    const wanted = local(path)
    // A path that does not exist yet (the target of an upload) has a real path, too.
    const filename = remote(await realpath(wanted)
      .catch(() => process.platform === 'win32' ? wanted : posix.normalize(wanted)))
    return sent(sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]))
  }))
  const closeAll = (): void => {
    for (const value of handles.values()) if (!('entries' in value)) value.close().catch(() => undefined)
    handles.clear()
  }
  sftp.on('close', closeAll)
  // OpenSSH's clients end their side and wait until the server closes the channel.
  sftp.on('end', () => {
    closeAll()
    sftp.end()
  })
}
