import type { AwsProfile, InstanceState, InstanceType, MachineImage, PermissionCheck, Zone } from '../../../contract/index.ts'
import type { CloudImages } from './images.ts'
import type { PriceList } from '../prices.ts'
import type { LaunchOptionVerbs } from './launch-options.ts'
import type { IngressRule, KeyPairRecord, SecurityGroupRecord } from './access.ts'
import type { Tags } from './tags.ts'
import type { VolumeVerbs } from './volumes.ts'

export type { IngressRule, KeyPairRecord, SecurityGroupRecord } from './access.ts'
export type { Tags } from './tags.ts'

/** An instance as EC2 describes it. Times ISO 8601. */
export interface InstanceRecord {
  readonly id: string
  readonly state: InstanceState
  readonly reason: string
  readonly type: string
  readonly image: string
  readonly zone: string
  readonly launchedAt: string
  readonly publicDns: string | null
  readonly publicIp: string | null
  readonly privateDns: string | null
  readonly privateIp: string | null
  readonly keyName: string | null
  readonly securityGroupIds: readonly string[]
  /** Of a Spot instance; absent or null for one on demand. */
  readonly spotRequestId?: string | null
  readonly tags: Tags
}

export interface PlacementGroupRecord { readonly id: string; readonly name: string; readonly tags: Tags }

export interface RunInstancesRequest {
  /** Idempotency: the same token never launches twice. At most 64 ASCII characters. */
  readonly clientToken: string
  readonly count: number
  /** Fewer will do, down to this many; all or nothing where it is left out. */
  readonly atLeast?: number | undefined
  readonly type: string
  readonly image: string
  readonly zone: string | null
  readonly keyName: string
  readonly securityGroupIds: readonly string[]
  readonly placementGroup: string | null
  /** 1 switches hyperthreading off; null leaves the type's default. */
  readonly threadsPerCore: number | null
  readonly rootVolumeGib: number | null
  /** gp3 where it is left out. */
  readonly rootVolumeType?: string | undefined
  /** Spot instances, with the most to pay for each an hour in USD, if there is a most. On demand where it is left out. */
  readonly spot?: { readonly maxPrice: number | null } | undefined
  /** One of the default VPC where it is left out. */
  readonly subnet?: string | undefined
  readonly rootDevice: string | null
  /** Plain text; the adapter encodes it. */
  readonly userData: string | null
  readonly tags: Tags
}

/**
 * EC2 in one region, verb first. Every method raises RmadaError with a CLOUD_*, CREDENTIALS_* or ENDPOINT_* code.
 * Reads are complete (paged through). Throttling is retried within a bound.
 */
export interface Cloud extends LaunchOptionVerbs, VolumeVerbs, CloudImages {
  readonly region: string
  /** Whether instances carry their ssh port in the tag `rmada:ssh-port` (endpoints other than AWS). */
  readonly sshPortByTag: boolean
  zones(): Promise<readonly Zone[]>
  instanceTypes(): Promise<readonly InstanceType[]>
  /** Published on-demand prices of the region: Linux, shared hardware, no licence. */
  priceList(): Promise<PriceList>
  /** Spot prices of Linux: those now of all types, or the history of one type since a moment. */
  spotPrices(of?: { type: string; since: Date }): Promise<readonly SpotPriceRecord[]>
  /** Amazon's, Canonical's, Debian's and the account's own images that Rmada can configure. */
  images(): Promise<readonly MachineImage[]>
  image(id: string): Promise<MachineImage | null>
  /** Id of the default VPC, or null when the region has none. */
  defaultVpc(): Promise<string | null>

  identity(): Promise<CallerIdentity>
  /** Trial calls (DryRun) of every action that a launch makes. A denial is an answer here, not an error. */
  permissions(): Promise<readonly PermissionCheck[]>

  importKeyPair(request: { name: string; publicKey: string; tags: Tags }): Promise<KeyPairRecord>
  keyPairs(tags: Tags): Promise<readonly KeyPairRecord[]>
  /** Succeeds when it is already gone. */
  deleteKeyPair(id: string): Promise<void>

  createSecurityGroup(request: { name: string; description: string; vpcId: string; tags: Tags }): Promise<string>
  /** Succeeds when the rules are already there. */
  authorizeIngress(groupId: string, rules: readonly IngressRule[]): Promise<void>
  revokeIngress(groupId: string, rules: readonly IngressRule[]): Promise<void>
  securityGroups(tags: Tags): Promise<readonly SecurityGroupRecord[]>
  /** Succeeds when it is already gone; waits within a bound while instances still use it. */
  deleteSecurityGroup(id: string): Promise<void>

  /** Strategy cluster. */
  createPlacementGroup(request: { name: string; tags: Tags }): Promise<PlacementGroupRecord>
  placementGroups(tags: Tags): Promise<readonly PlacementGroupRecord[]>
  /** By name. Succeeds when it is already gone. */
  deletePlacementGroup(name: string): Promise<void>

  runInstances(request: RunInstancesRequest): Promise<readonly InstanceRecord[]>
  /** Instances that carry all these tags (value `*`: any value), terminated ones that EC2 still shows included. */
  instances(tags: Tags): Promise<readonly InstanceRecord[]>
  /** The latest console output; empty while there is none. */
  consoleOutput(id: string): Promise<string>
  rebootInstances(ids: readonly string[]): Promise<void>
  stopInstances(ids: readonly string[]): Promise<void>
  startInstances(ids: readonly string[]): Promise<void>
  /** Ids that are already gone are no error. */
  terminateInstances(ids: readonly string[]): Promise<void>
  tag(ids: readonly string[], tags: Tags): Promise<void>
}

/** From when on a price of Spot holds. USD an hour, ISO 8601. */
export interface SpotPriceRecord {
  readonly type: string
  readonly zone: string
  readonly perHour: number
  readonly at: string
}

/** Whose credentials calls are made with, and how far this computer's clock is from the cloud's. */
export interface CallerIdentity {
  readonly account: string
  readonly arn: string
  readonly userId: string
  readonly clockAheadSeconds: number
}

/** A proxy with its password, time limits and retries of all calls. */
export interface Connecting {
  readonly proxy: {
    readonly host: string; readonly port: number; readonly user: string | null; readonly password: string | null
  } | null
  readonly connectMs: number
  readonly answerMs: number
  readonly retries: number
}

/** How a region is reached: AWS by the SDK's own provider chain, or an endpoint with explicit credentials. */
export interface CloudAccess {
  readonly region: string
  readonly endpoint: string | null
  readonly profile: string | null
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined } | null
  /** The adapter's own limits, and the proxy of the environment, where it is left out. */
  readonly connecting?: Connecting | undefined
}

/** The AWS configuration files of this computer. */
export interface AwsFiles {
  readonly configFile: string
  /** Read anew at each call: people sign in and edit files while the manager runs. */
  profiles(): Promise<readonly AwsProfile[]>
}

/** Makes the Cloud of one region; rents nothing, calls nothing. */
export type OpenCloud = (access: CloudAccess) => Cloud
