import type { Cancellation } from '../cancellation.ts'

/** Time, randomness and the machine around us, so that rules can be tested without them. */
export interface Clock {
  now(): Date
  /** Rejects with CANCELLED when the signal fires. */
  sleep(ms: number, signal?: Cancellation): Promise<void>
}

/** Fresh random hexadecimal text of this many bytes. */
export type RandomHex = (bytes: number) => string

/** The user's own address as the cloud sees it, as CIDR (/32 or /128), for the inbound rule. */
export type OwnAddress = (cloudEndpoint: string | null) => Promise<string>

/** The practice cloud of this computer, started at first use. */
export interface PracticeCloud {
  readonly backend: 'namespaces' | 'processes' | 'none'
  readonly available: boolean
  /** What its machines are, or why there are none, in one sentence. */
  readonly explanation: string
  start(): Promise<{ endpoint: string; region: string; accessKeyId: string; secretAccessKey: string }>
  /** Powers its machines off; disks are kept and they boot again at the next start. */
  stop(): Promise<void>
}

/** Files that travel with the app: bootstrap scripts and the evaluator's server, by path below resources/ or r-package/inst/. */
export type ReadResource = (path: string) => Promise<string>

/** One line of the log: never a secret. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, details?: Readonly<Record<string, string>>) => void

/** Where the logs of tasks are kept whole. */
export interface TaskLogFiles {
  append(id: string, text: string): void
  path(id: string): string
}
