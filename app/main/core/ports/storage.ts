import type { AccountChoice, ResolvedSpec } from '../../../contract/index.ts'

/** Where secrets that a user typed in are kept. `memory`: no keychain is there, they are gone at the end. */
export interface SecretStore {
  readonly kind: 'keychain' | 'memory'
  get(account: string): Promise<string | null>
  set(account: string, secret: string): Promise<void>
  delete(account: string): Promise<void>
}

/** How a region is reached that a later start could not know of; never credentials. */
export interface RememberedRegion {
  readonly id: string
  readonly endpoint: string | null
  readonly profile: string | null
  readonly key: string | null
}

/** Settings of the app; each has a default and a schema. */
export interface Settings {
  readonly lastRegion: string
  readonly closedToTrayNoticeShown: boolean
  /** By which credentials AWS is reached where a region has no own. */
  readonly account: AccountChoice
  /** The access keys that were typed in; the keys themselves are in the SecretStore. */
  readonly keys: readonly { readonly name: string; readonly ending: string }[]
  /** Regions to offer again after a restart. */
  readonly customRegions: readonly RememberedRegion[]
  readonly proxy: { readonly host: string; readonly port: number; readonly user: string | null } | null
  readonly connectSeconds: number
  readonly answerSeconds: number
  readonly retries: number
}
export interface SettingsStore {
  read(): Settings
  write(change: Partial<Settings>): void
}

/** What was about to be done, written before the call that does it (money rule 2). */
export interface JournalEntry {
  readonly networkId: string
  readonly at: string
  readonly kind: 'network' | 'key-pair' | 'security-group' | 'placement-group' | 'instances' | 'volume' | 'terminate' | 'image'
  /** `intent` before the call, `done` after it, with the id when there is one. */
  readonly phase: 'intent' | 'done'
  readonly token: string
  readonly id: string | null
}

/**
 * Append-only journal on disk. `append` resolves only when the entry is durable (fsync). A torn last line, as a crash
 * leaves it, is dropped at reading.
 */
export interface Journal {
  append(entry: JournalEntry): Promise<void>
  entries(): Promise<readonly JournalEntry[]>
  /** Forget a network that is entirely gone. */
  forget(networkId: string): Promise<void>
}

/** How the region of a network was reached: an address, and names of credentials. */
interface NetworkAccess {
  readonly endpoint: string | null
  readonly profile: string | null
  /** Name of a stored access key. */
  readonly key?: string | null | undefined
}

/** What this computer knows of a network it launched; a cache of the cloud's truth plus what only it can know. */
export interface NetworkRecord {
  readonly id: string
  readonly spec: ResolvedSpec
  readonly createdAt: string
  /** RunInstances' idempotency token. */
  readonly clientToken: string
  /** Pinned host keys by instance id. */
  readonly hostKeys: Readonly<Record<string, readonly string[]>>
  /** True once the health check passed. */
  readonly configured: boolean
  /** The last failure, shown until a later task succeeds. */
  readonly failure: string | null
  readonly terminating: boolean
  /** The rental that `clientToken` stands for, where a choice changed it; otherwise all nodes of the spec. */
  readonly rental?: { readonly count: number; readonly atLeast: number } | undefined
  /** Instances that were given up: they carry the network's tag and do not belong to it any more. */
  readonly givenUp?: readonly string[] | undefined
  /**
   * How its region was reached, where that is not plain AWS or the practice cloud: after a crash the next start must find
   * the network again. Never credentials.
   */
  readonly access?: NetworkAccess | undefined
}
export interface NetworkRecords {
  all(): Promise<readonly NetworkRecord[]>
  save(record: NetworkRecord): Promise<void>
  remove(id: string): Promise<void>
  /** The network's private key, mode 0600, in a file of its own; null when this computer does not hold it. */
  privateKey(id: string): Promise<string | null>
  savePrivateKey(id: string, key: string): Promise<void>
  /** The network's own secret for evaluator and web IDE: 64 hexadecimal characters, made at the first call. */
  secret(id: string): Promise<string>
}

/**
 * What clouds said of their types and prices, kept between runs. A cache: what cannot be read counts as not there, and
 * what cannot be written is not missed.
 */
export interface CatalogueStore {
  read(key: string): Promise<string | null>
  write(key: string, text: string): Promise<void>
}
