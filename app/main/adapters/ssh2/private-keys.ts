import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import type { KnownPublicKeys, ParsedKey, PublicKeyEntry } from 'ssh2'
import { RmadaError } from '../../core/error.ts'
import type { KeyTraits, PrivateKeyFile, PrivateKeys } from '../../core/ports/index.ts'
import { quoted } from '../../core/quoted.ts'

/** Private keys have a few kilobytes; whatever is larger is something else. */
const largestKey = 64 * 1024

const invalid = (file: string, why: string, suggestion: string, cause?: unknown) =>
  new RmadaError('KEY_FILE_INVALID', `The private key file ${quoted(file)} ${why}.`, { suggestion, cause })
const nameAnother = 'Name the file of the private key, for example ~/.ssh/id_ed25519.'

/** Reads private keys in the forms that OpenSSH and EC2 give them. */
export const privateKeys: PrivateKeys = {
  async read(file, passphrase) {
    const path = file.startsWith('~/') ? join(homedir(), file.slice(2)) : file
    const { text, openToOthers } = await load(path, file)
    const parsed = parse(text, passphrase, file)
    return { ...traitsOf(parsed), text, openToOthers }
  },
  ofAgent: (socket) =>
    new Promise((resolve, reject) => {
      ssh2.createAgent(socket).getIdentities((error, keys) => {
        if (error || !keys) return reject(agentUnreachable(error))
        resolve(
          keys.flatMap((key) => {
            const parsed = ssh2.utils.parseKey(pubKeyOf(key))
            return parsed instanceof Error ? [] : [traitsOf(parsed)]
          })
        )
      })
    })
}

type Half = string | Buffer | ParsedKey
type Listed = KnownPublicKeys[number] | PublicKeyEntry['pubKey']

/** Some agents list keys with a comment beside each. */
function pubKeyOf(key: Listed): Half {
  // The types let an entry stand in an entry; what neither has pubKey nor is a key does not exist.
  return typeof key === 'object' && 'pubKey' in key ? pubKeyOf(key.pubKey) : key
}

const agentUnreachable = (cause: unknown) =>
  new RmadaError('AGENT_UNREACHABLE', 'No ssh-agent answers.', {
    suggestion: 'Start one and add the key with ssh-add, or name the file of the private key.',
    cause
  })

async function load(path: string, file: string): Promise<Pick<PrivateKeyFile, 'text' | 'openToOthers'>> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw invalid(file, 'is not a file', nameAnother)
    if (found.size > largestKey) throw invalid(file, 'is too large to be a key', nameAnother)
    const openToOthers = process.platform !== 'win32' && (found.mode & 0o077) !== 0
    return { text: await readFile(path, 'utf8'), openToOthers }
  } catch (error) {
    if (error instanceof RmadaError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw invalid(file, 'is not there', nameAnother, error)
    if (code === 'EACCES' || code === 'EPERM') {
      throw invalid(file, 'may not be read by you', 'Make it yours with chown and chmod 600, or name another.', error)
    }
    throw invalid(file, `cannot be read (${code ?? 'not a file name'})`, nameAnother, error)
  }
}

function parse(text: string, passphrase: string | null, file: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(text, passphrase ?? undefined)
  const key: ParsedKey | Error | undefined = Array.isArray(parsed) ? parsed[0] : parsed
  if (key === undefined || key instanceof Error) {
    if (/passphrase|encrypted|integrity check|bad decrypt/i.test(key?.message ?? '')) throw locked(file, passphrase)
    throw invalid(file, 'holds no private key', 'Keys in the formats of OpenSSH and of EC2 (.pem) can be used.')
  }
  if (!key.isPrivateKey()) {
    throw invalid(file, 'holds the public half of a key', 'Name the other file of the pair, the one without .pub.')
  }
  if (key.type !== 'ssh-ed25519' && key.type !== 'ssh-rsa') {
    throw invalid(file, `holds a key of the kind ${key.type}`, 'EC2 knows RSA and ed25519 keys only.')
  }
  return key
}

function locked(file: string, passphrase: string | null): RmadaError {
  return passphrase === null
    ? new RmadaError('KEY_LOCKED', `The private key in ${quoted(file)} is encrypted.`, {
        suggestion: 'Give its passphrase once, in the window or with `rmada unlock-key`.'
      })
    : new RmadaError('KEY_LOCKED', `The passphrase does not open the private key in ${quoted(file)}.`, {
        suggestion: 'Type it again; capital letters count.'
      })
}

/**
 * EC2 shows SHA-256 of an ed25519 key, MD5 of an RSA key that it was given, and SHA-1 of the private half of an RSA key
 * that it made itself; the last cannot be had of a key that an agent holds.
 */
function traitsOf(key: ParsedKey): KeyTraits {
  const blob = key.getPublicSSH()
  const publicBlob = blob.toString('base64')
  if (key.type !== 'ssh-rsa') {
    return { publicBlob, fingerprints: [createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')] }
  }
  const given = createPublicKey(key.getPublicPEM()).export({ type: 'spki', format: 'der' })
  const made = key.isPrivateKey()
    ? [colons('sha1', createPrivateKey(key.getPrivatePEM()).export({ type: 'pkcs8', format: 'der' }))]
    : []
  return { publicBlob, fingerprints: [colons('md5', given), ...made] }
}

const colons = (hash: 'md5' | 'sha1', data: Buffer) =>
  createHash(hash).update(data).digest('hex').replaceAll(/(..)(?!$)/g, '$1:')
