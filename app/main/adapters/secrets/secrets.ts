import type { Log, SecretStore } from '../../core/ports/index.ts'
import { openKeychain } from './keychain.ts'
import { createMemoryVault } from './memory.ts'
import type { Vault } from './memory.ts'

/** Asked for at the start, only to see whether the keychain answers. */
const probe = 'probe'

/**
 * Opens the keychain, or memory where there is none: keytar not installed, no D-Bus session, a locked keychain that
 * nobody opens. A keychain that fails later is given up for memory too, and `kind` says so from then on.
 */
export async function openSecretStore(log: Log, open: () => Vault = openKeychain): Promise<SecretStore> {
  const memory = createMemoryVault()
  let keychain: Vault | null = null
  const giveUp = (error: unknown) => {
    keychain = null
    log('warn', 'No keychain can be used; secrets that you type in are kept in memory until Rmada ends.', {
      reason: error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error)
    })
  }
  try {
    const opened = open()
    await opened.get(probe)
    keychain = opened
  } catch (error) {
    giveUp(error)
  }

  // One call after the other: keychains answer writes and reads that overlap in any order.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: (vault: Vault) => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      if (!keychain) return await work(memory)
      try {
        return await work(keychain)
      } catch (error) {
        giveUp(error)
        return await work(memory)
      }
    })
    last = turn.catch(() => {})
    return turn
  }
  return {
    get kind() { return keychain ? 'keychain' : 'memory' },
    get: (account) => inTurn((vault) => vault.get(account)),
    set: (account, secret) => inTurn((vault) => vault.set(account, secret)),
    delete: (account) => inTurn((vault) => vault.delete(account))
  }
}
