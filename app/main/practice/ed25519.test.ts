import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { makeEd25519 } from './ed25519.ts'

it('makes pairs whose private half can always be read again', () => {
  // Without the second try about four of a thousand are broken.
  for (let count = 0; count < 1500; count += 1) {
    const pair = makeEd25519()
    expect(ssh2.utils.parseKey(pair.private)).not.toBeInstanceOf(Error)
    expect(Buffer.from(pair.public.split(' ')[1] ?? '', 'base64')).toHaveLength(51)
  }
})
