const begin = '-----BEGIN SSH HOST KEY KEYS-----'
const end = '-----END SSH HOST KEY KEYS-----'

/** Each key type with the base64 that every key of it begins with (its own name, length-prefixed). */
const keyTypes: readonly (readonly [type: string, prefix: string, length: number | null])[] = [
  ['ssh-ed25519', 'AAAAC3NzaC1lZDI1NTE5AAAAI', 68],
  ['ecdsa-sha2-nistp256', 'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB', 140],
  ['ecdsa-sha2-nistp384', 'AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABh', 184],
  ['ecdsa-sha2-nistp521', 'AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACF', 232],
  ['ssh-rsa', 'AAAAB3NzaC1yc2E', null]
]

/**
 * The host keys that cloud-init printed on an instance's console, as `type base64`; empty while there are none.
 * The console also holds kernel messages, time stamps before lines, carriage returns, and, when an instance was
 * started again, older blocks: the last whole block with a key counts. A line that the kernel wrote into is dropped.
 */
export function hostKeysFromConsole(console: string): readonly string[] {
  let rest = console
  for (;;) {
    const last = rest.lastIndexOf(end)
    if (last < 0) return []
    const first = rest.lastIndexOf(begin, last)
    if (first < 0) return []
    const keys = rest.slice(first + begin.length, last).split('\n').map(keyOfLine).filter(key => key !== null)
    if (keys.length > 0) return [...new Set(keys)]
    rest = rest.slice(0, first)
  }
}

function keyOfLine(line: string): string | null {
  for (const [type, prefix, length] of keyTypes) {
    const at = line.indexOf(`${type} ${prefix}`)
    if (at < 0) continue
    const [key = ''] = /^[A-Za-z0-9+/]+={0,2}/.exec(line.slice(at + type.length + 1)) ?? []
    const after = line[at + type.length + 1 + key.length]
    const whole = key.length % 4 === 0 && (length === null || key.length === length)
    if (whole && (after === undefined || /\s/.test(after))) return `${type} ${key}`
  }
  return null
}
