import ssh2 from 'ssh2'
import type { MakeKeyPair } from '../../core/ports/index.ts'

/** Length of an ed25519 public key on the wire: two lengths, the name and 32 bytes. */
const wholeLength = 4 + 'ssh-ed25519'.length + 4 + 32

/**
 * Makes a fresh ed25519 key pair in OpenSSH's formats; neither half has touched the disk or the network. ssh2 drops
 * leading zero bytes of the public key, so that one pair in 256 is accepted nowhere: such a pair is made again.
 */
export const makeKeyPair: MakeKeyPair = (comment) => {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    const [, blob = ''] = pair.public.split(' ')
    if (Buffer.from(blob, 'base64').length === wholeLength) return { publicKey: pair.public, privateKey: pair.private }
  }
}
