import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import ssh2 from 'ssh2'
import { makeEd25519 } from '../ed25519.ts'
import { Ec2Error } from './protocol/error.ts'
import type { KeyPair } from './state.ts'

export type PublicKey = Pick<KeyPair, 'type' | 'fingerprint' | 'publicKey'>

const invalidFormat = () => new Ec2Error('InvalidKey.Format', 'Key is not in valid OpenSSH public key format')

/** Reads what ImportKeyPair carries: base64 around an OpenSSH line or an RFC 4716 block, RSA or ed25519. */
export function readPublicKey(material: string): PublicKey {
  const text = Buffer.from(material, 'base64').toString().trim()
  const parsed = ssh2.utils.parseKey(text)
  if (parsed instanceof Error || parsed.isPrivateKey()) throw invalidFormat()
  const blob = parsed.getPublicSSH()
  const publicKey = `${parsed.type} ${blob.toString('base64')}`
  if (parsed.type === 'ssh-ed25519') return { type: 'ed25519', publicKey, fingerprint: ed25519Fingerprint(blob) }
  if (parsed.type !== 'ssh-rsa') throw invalidFormat()
  const der = createPublicKey(parsed.getPublicPEM()).export({ type: 'spki', format: 'der' })
  return { type: 'rsa', publicKey, fingerprint: colons('md5', der) }
}

/** A fresh key pair in the forms EC2 gives: RSA of 2048 bits as PKCS #1 PEM, ed25519 as an OpenSSH private key. */
export async function makeKeyPair(type: KeyPair['type']): Promise<{ privateKey: string; publicKey: PublicKey }> {
  if (type === 'ed25519') {
    const made = makeEd25519()
    return { privateKey: made.private, publicKey: readPublicKey(Buffer.from(made.public).toString('base64')) }
  }
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const parsed = ssh2.utils.parseKey(pem)
  if (parsed instanceof Error) throw parsed
  const publicKey = `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`
  // EC2 hashes the private key of the pairs that it makes, and the public key of those it is given.
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })
  return { privateKey: pem, publicKey: { type: 'rsa', publicKey, fingerprint: colons('sha1', der) } }
}

const ed25519Fingerprint = (blob: Buffer) => createHash('sha256').update(blob).digest('base64')

const colons = (hash: 'md5' | 'sha1', data: Buffer) =>
  createHash(hash)
    .update(data)
    .digest('hex')
    .replaceAll(/(..)(?!$)/g, '$1:')
