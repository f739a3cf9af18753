/** `type base64` of a host key line, whatever stands after it (a comment) or between the two. */
function typeAndKey(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(' ')
}

/** The key that a server shows, in the form of the pinned lines. Its blob begins with its own type. */
function shownKey(blob: Buffer): string {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0
  return `${blob.toString('latin1', 4, 4 + length)} ${blob.toString('base64')}`
}

/** Whether the key that a server shows is exactly one of the pinned ones. */
export function isPinned(hostKeys: readonly string[], blob: Buffer): boolean {
  const shown = shownKey(blob)
  return hostKeys.some((line) => typeAndKey(line) === shown)
}

// An RSA key signs with SHA-2; plain `ssh-rsa` (SHA-1) is not asked for.
const signatures: Readonly<Record<string, readonly ServerHostKey[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256']
}

type ServerHostKey = 'ssh-ed25519' | 'ecdsa-sha2-nistp256' | 'ecdsa-sha2-nistp384' | 'ecdsa-sha2-nistp521'
  | 'rsa-sha2-512' | 'rsa-sha2-256'

/**
 * The host key algorithms to ask for: those of the pinned keys alone, in the table's order of preference, so that a
 * server with several keys shows one that is pinned.
 */
export function algorithmsOf(hostKeys: readonly string[]): ServerHostKey[] {
  const types = new Set(hostKeys.map((line) => line.trim().split(/\s+/)[0]))
  return Object.entries(signatures).flatMap(([type, names]) => types.has(type) ? names : [])
}
