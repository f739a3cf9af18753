import ssh2 from 'ssh2'
import type { MakeKeyPair } from '../../core/ports/index.ts'

/** Makes a fresh ed25519 key pair in OpenSSH's formats; neither half has touched the disk or the network. */
export const makeKeyPair: MakeKeyPair = (comment) => {
  const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment })
  return { publicKey: pair.public, privateKey: pair.private }
}
