import { createPublicKey } from 'node:crypto'
import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { makeKeyPair } from './key-pair.ts'

it('makes pairs whose halves are whole and match, every time', () => {
  // One in 256 of ssh2's own is not: all of so many would be whole by luck once in ten thousand runs.
  for (let n = 0; n < 2400; n += 1) {
    const { publicKey, privateKey } = makeKeyPair('rmada-test')
    const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
    expect(blob.length).toBe(51)
    if (n % 100 > 0) continue
    const parsed = ssh2.utils.parseKey(privateKey)
    if (parsed instanceof Error) throw parsed
    expect(parsed.getPublicSSH().equals(blob)).toBe(true)
    expect(createPublicKey(parsed.getPublicPEM()).asymmetricKeyType).toBe('ed25519')
  }
})
