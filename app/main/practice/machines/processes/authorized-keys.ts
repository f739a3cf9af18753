import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import type { ParsedKey, PublicKeyAuthContext } from 'ssh2'

/** The public key of one authorized_keys line, options before it left out; null for a comment or what is no key. */
function parseLine(line: string): ParsedKey | null {
  const text = /(?:^|\s)((?:ssh|ecdsa|sk)-[^\s]+\s+[A-Za-z0-9+/=]+.*)$/.exec(line.trim())?.[1]
  if (text === undefined || line.trim().startsWith('#')) return null
  const key = ssh2.utils.parseKey(text)
  return key instanceof Error ? null : Array.isArray(key) ? key[0] ?? null : key
}

/** Whether the key is in the home's authorized_keys now, and the signature, when there is one, is by that key. */
export function isAuthorized(home: string, attempt: PublicKeyAuthContext): boolean {
  let text: string
  try {
    text = readFileSync(join(home, '.ssh', 'authorized_keys'), 'utf8')
  } catch {
    return false
  }
  const key = text.split('\n').map(parseLine).find((candidate) => candidate?.getPublicSSH().equals(attempt.key.data))
  if (!key) return false
  if (!attempt.signature) return true
  if (attempt.blob === undefined) return false
  // ssh2 returns an Error, which its types do not tell, for a signature that it cannot even read.
  const verdict: unknown = key.verify(attempt.blob, attempt.signature, attempt.hashAlgo)
  return verdict === true
}
