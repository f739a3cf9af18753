import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { runCommand } from './exec.ts'
import type { Channels } from './exec.ts'
import { fileFailed } from './failures.ts'

function quoted(text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`
}

/** A path as a shell word; `~/` stays outside the quotes as the home directory. */
function word(path: string): string {
  return path.startsWith('~/') ? `"$HOME"/${quoted(path.slice(2))}` : quoted(path)
}

/** Whatever the user's login shell is, the script is read by the POSIX one. */
function script(lines: string): string {
  return `exec /bin/sh -c ${quoted(lines)}`
}

/**
 * Writes a whole file in one round trip: into a temporary name beside it that nobody else can read, durable, then
 * renamed. A reader sees the old file or the new one, never a part. Done by the shell and not by sftp: sftp's rename
 * does not replace a file, and each of its steps would be a round trip of its own.
 */
export async function writeRemoteFile(channels: Channels, path: string, content: string, mode: number): Promise<void> {
  const temporary = word(`${path}.${randomBytes(6).toString('hex')}.part`)
  const result = await runCommand(channels, script([
    'umask 077',
    `mkdir -p ${word(posix.dirname(path))}`,
    `trap 'rm -f ${temporary.replaceAll('\'', '\'\\\'\'')}' EXIT`,
    `cat > ${temporary}`,
    `chmod ${mode.toString(8)} ${temporary}`,
    `{ sync ${temporary} 2>/dev/null || true; }`,
    `mv -f ${temporary} ${word(path)}`
  ].join(' && ')), { stdin: content })
  if (result.exitCode !== 0) throw fileFailed(channels.target, 'written', path, result.stderr)
}

/** Reads a whole file as UTF-8. */
export async function readRemoteFile(channels: Channels, path: string): Promise<string> {
  const result = await runCommand(channels, script(`cat -- ${word(path)}`), {})
  if (result.exitCode !== 0) throw fileFailed(channels.target, 'read', path, result.stderr)
  return result.stdout
}
