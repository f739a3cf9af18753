/** The three verbs that keychain and memory share. */
export interface Vault {
  get(account: string): Promise<string | null>
  set(account: string, secret: string): Promise<void>
  delete(account: string): Promise<void>
}

/** Secrets for the life of the process: what is left when there is no keychain. */
export function createMemoryVault(): Vault {
  const secrets = new Map<string, string>()
  return {
    async get(account) { return secrets.get(account) ?? null },
    async set(account, secret) { secrets.set(account, secret) },
    async delete(account) { secrets.delete(account) }
  }
}
