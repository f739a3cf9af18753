import { agent } from '../../core/launch-options.ts'
import { RmadaError } from '../../core/error.ts'
import type { KeyTraits } from '../../core/ports/index.ts'
import { quoted } from '../../core/quoted.ts'
import { fault } from './check.ts'
import type { Check } from './check.ts'
import { given } from '../../core/given.ts'

/** Whether a key pair that the user had before is there, and whether its private half is here. */
export const keyPairCheck: Check = {
  about: 'The key pair',
  field: 'keyPair',
  async find({ spec, cloud, keyTraits }) {
    const { keyPair: name, privateKeyFile: file } = spec
    if (!given(name) || !given(file)) return []
    const pair = await cloud.keyPairNamed(name)
    if (pair === null) {
      return [fault('KEY_PAIR_UNKNOWN', 'keyPair', `${cloud.region} has no key pair of this name: ${quoted(name)}`,
        'Key pairs differ from region to region: name one of this region, or leave it out to get one made.')]
    }
    try {
      const { keys, openToOthers } = await keyTraits(file)
      if (openToOthers) {
        return [fault('KEY_FILE_OPEN', 'privateKeyFile',
          `Other users of this computer may read the private key in ${quoted(file)}.`,
          'Close it to them with chmod 600, and think of whether somebody has read it already.')]
      }
      if (keys.some(key => isOf(key, pair))) return []
      return file === agent
        ? [fault('AGENT_UNREACHABLE', 'privateKeyFile',
          `The ssh-agent does not hold the private key of ${quoted(name)}.`,
          'Add it with ssh-add, or name its file.')]
        : [fault('KEY_MISMATCH', 'privateKeyFile',
          `The key in ${quoted(file)} is not the private half of ${quoted(name)}.`,
          'Name the file that belongs to this key pair, or the key pair that belongs to this file.')]
    } catch (error) {
      if (!(error instanceof RmadaError)) throw error
      return [fault(error.code, 'privateKeyFile', error.message, error.suggestion)]
    }
  }
}

/** By fingerprint, or by the public half where the cloud tells it. */
function isOf(key: KeyTraits, pair: { readonly fingerprint: string; readonly publicKey?: string | null }): boolean {
  const fingerprint = pair.fingerprint.replace(/^SHA256:/, '').replace(/=+$/, '')
  return key.fingerprints.includes(fingerprint) || pair.publicKey?.split(' ')[1] === key.publicBlob
}
