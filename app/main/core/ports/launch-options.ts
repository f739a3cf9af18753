import type { KeyPairRecord, SecurityGroupRecord } from './access.ts'
import type { Tags } from './tags.ts'

/** A Spot request as EC2 shows it; those of RunInstances are fulfilled in the very call. */
export interface SpotRequestRecord {
  readonly id: string
  readonly state: string
  readonly instanceId: string | null
  readonly tags: Tags
}

export interface SubnetRecord {
  readonly id: string
  readonly vpcId: string
  readonly zone: string
  readonly freeAddresses: number
  readonly defaultForZone: boolean
  /** Instances get a public address by themselves; without one nobody outside the VPC reaches them. */
  readonly givesPublicAddresses: boolean
}

/** What the options of a launch and its preflight ask of EC2. */
export interface LaunchOptionVerbs {
  /** Spot requests that carry all these tags, ended ones that EC2 still shows included. */
  spotRequests(tags: Tags): Promise<readonly SpotRequestRecord[]>
  /** Cancels requests; their instances go on. Ids that are already gone are no error. */
  cancelSpotRequests(ids: readonly string[]): Promise<void>
  /** The key pair of a name, or null. */
  keyPairNamed(name: string): Promise<KeyPairRecord | null>
  /** The security group of an id, or null. */
  securityGroup(id: string): Promise<SecurityGroupRecord | null>
  subnets(): Promise<readonly SubnetRecord[]>
  /** vCPUs that the account may run under the limit of this code; null where the cloud has no such limit. */
  vcpuLimit(code: string): Promise<number | null>
}
