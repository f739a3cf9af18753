import { createRequire } from 'node:module'
import type { Vault } from './memory.ts'

/** The part of keytar that is used. Named here, as keytar is optional and its types may not be installed. */
interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}

const require = createRequire(import.meta.url)
const service = 'Rmada'

/** A keychain that is locked asks the user, who may be away: then we do without it. */
const limitMs = 15_000

function within<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the keychain does not answer')), limitMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** The operating system's keychain by keytar; raises when keytar is not installed. */
export function openKeychain(): Vault {
  const keytar = require('keytar') as Keytar
  return {
    get: (account) => within(keytar.getPassword(service, account)),
    set: (account, secret) => within(keytar.setPassword(service, account, secret)),
    async delete(account) { await within(keytar.deletePassword(service, account)) }
  }
}
