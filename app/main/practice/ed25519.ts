import ssh2 from 'ssh2'

/** Length of an ed25519 public key on the wire: two lengths, the name and 32 bytes. */
const wholeLength = 4 + 'ssh-ed25519'.length + 4 + 32

/**
 * A fresh ed25519 key pair in OpenSSH's formats. ssh2 drops leading zero bytes of the public key, so that one pair in 256
 * is accepted nowhere, not even by ssh2's own server: such a pair is made again.
 */
export function makeEd25519(): { public: string; private: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    const [, blob = ''] = pair.public.split(' ')
    if (Buffer.from(blob, 'base64').length === wholeLength) return pair
  }
}
