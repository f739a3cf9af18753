import type { Handlers } from '../core/handlers.ts'
import type {
  AwsFiles, CatalogueStore, Clock, EvaluatorClient, Journal, Log, MakeKeyPair, NetworkRecords, OpenCloud, OwnAddress, PracticeCloud, PrivateKeys, RandomHex,
  ReadResource, SecretStore, SettingsStore, Ssh, TaskLogFiles
} from '../core/ports/index.ts'

/** Everything foreign that the manager works with; the composition root fills it with adapters. */
export interface ManagerPorts {
  readonly openCloud: OpenCloud
  readonly awsFiles: AwsFiles
  readonly ssh: Ssh
  readonly makeKeyPair: MakeKeyPair
  readonly privateKeys: PrivateKeys
  readonly evaluator: EvaluatorClient
  readonly records: NetworkRecords
  readonly journal: Journal
  readonly secrets: SecretStore
  readonly settings: SettingsStore
  readonly practice: PracticeCloud
  readonly ownAddress: OwnAddress
  readonly readResource: ReadResource
  readonly catalogueStore: CatalogueStore
  readonly clock: Clock
  readonly randomHex: RandomHex
  readonly log: Log
  readonly taskLogs: TaskLogFiles
  /** AWS settings of the environment (AWS_REGION, AWS_ENDPOINT_URL_EC2 …) that the manager was started with. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly version: string
  readonly dataDirectory: string
}

/** The running manager behind every transport. */
export interface Manager {
  readonly handlers: Handlers
  /** Reconciles by tag what the journal and the records know; resolves when the first pass is over. */
  start(): Promise<void>
  /** Closes forwards, connections and timers. Networks stay as they are; the practice cloud is powered off. */
  stop(): Promise<void>
  /** Resolves when a client asked for manager.shutdown. */
  readonly shutdownRequested: Promise<void>
}
