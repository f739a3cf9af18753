import { z } from 'zod'
import { InstanceState } from '../../../contract/index.ts'

/** Everything the practice cloud remembers, as it stands in its file. `sequence` orders things by their making. */

const Tags = z.record(z.string(), z.string())
const Vpc = z.object({ id: z.string(), cidr: z.string(), dhcpOptionsId: z.string() })
const Subnet = z.object({ id: z.string(), zone: z.string(), cidr: z.string() })

const KeyPair = z.object({
  id: z.string(),
  sequence: z.number(),
  name: z.string(),
  type: z.enum(['rsa', 'ed25519']),
  fingerprint: z.string(),
  /** One OpenSSH line. */
  publicKey: z.string(),
  createdAt: z.string()
})
export type KeyPair = z.infer<typeof KeyPair>

const SecurityGroup = z.object({ id: z.string(), sequence: z.number(), name: z.string(), description: z.string() })
export type SecurityGroup = z.infer<typeof SecurityGroup>

/** One rule with one peer, as DescribeSecurityGroupRules shows it; DescribeSecurityGroups gathers those of one port. */
const SecurityGroupRule = z.object({
  id: z.string(),
  sequence: z.number(),
  groupId: z.string(),
  egress: z.boolean(),
  protocol: z.string(),
  fromPort: z.number().nullable(),
  toPort: z.number().nullable(),
  peer: z.object({ kind: z.enum(['ipv4', 'ipv6', 'group']), value: z.string() }),
  description: z.string().nullable()
})
export type SecurityGroupRule = z.infer<typeof SecurityGroupRule>

const PlacementGroup = z.object({
  id: z.string(),
  sequence: z.number(),
  name: z.string(),
  strategy: z.enum(['cluster', 'spread', 'partition']),
  partitions: z.number().nullable()
})
export type PlacementGroup = z.infer<typeof PlacementGroup>

const Reservation = z.object({
  id: z.string(),
  sequence: z.number(),
  /** With the fingerprint it makes RunInstances idempotent for as long as the instances are remembered. */
  clientToken: z.string().nullable(),
  fingerprint: z.string()
})

const Volume = z.object({
  id: z.string(),
  device: z.string(),
  sizeGib: z.number(),
  type: z.string(),
  deleteOnTermination: z.boolean(),
  encrypted: z.boolean()
})

/** A volume of its own, made by CreateVolume: it may outlive the instance it is attached to. */
const EbsVolume = z.object({
  id: z.string(),
  sequence: z.number(),
  zone: z.string(),
  sizeGib: z.number(),
  type: z.string(),
  iops: z.number().nullable(),
  throughput: z.number().nullable(),
  encrypted: z.boolean(),
  snapshotId: z.string().nullable(),
  /** With the fingerprint it makes CreateVolume idempotent. */
  clientToken: z.string().nullable(),
  fingerprint: z.string(),
  createdAt: z.string(),
  state: z.enum(['creating', 'available', 'in-use', 'deleting', 'error']),
  attachment: z.object({
    instanceId: z.string(),
    device: z.string(),
    attachedAt: z.string(),
    deleteOnTermination: z.boolean(),
    state: z.enum(['attaching', 'attached', 'detaching', 'busy']),
    force: z.boolean()
  }).nullable()
})
export type EbsVolume = z.infer<typeof EbsVolume>

/** A snapshot, of a volume by CreateSnapshot or of a root volume by CreateImage. */
const Snapshot = z.object({
  id: z.string(),
  sequence: z.number(),
  volumeId: z.string(),
  sizeGib: z.number(),
  encrypted: z.boolean(),
  description: z.string(),
  startedAt: z.string(),
  state: z.enum(['pending', 'completed', 'error']),
  progress: z.number()
})
export type Snapshot = z.infer<typeof Snapshot>

const MetadataOptions = z.object({
  httpTokens: z.enum(['optional', 'required']),
  httpEndpoint: z.enum(['enabled', 'disabled']),
  httpPutResponseHopLimit: z.number(),
  httpProtocolIpv6: z.enum(['enabled', 'disabled']),
  instanceMetadataTags: z.enum(['enabled', 'disabled'])
})
export type MetadataOptions = z.infer<typeof MetadataOptions>

const Address = z.object({ hostName: z.string(), privateIp: z.string(), publicIp: z.string(), sshPort: z.number() })

const InstanceRecord = z.object({
  id: z.string(),
  sequence: z.number(),
  reservationId: z.string(),
  launchIndex: z.number(),
  imageId: z.string(),
  type: z.string(),
  zone: z.string(),
  subnetId: z.string(),
  keyName: z.string().nullable(),
  /** Kept from the launch on: the key pair itself may be deleted while the instance lives. */
  publicKeys: z.array(z.string()),
  /** In base64, as it came. */
  userData: z.string().nullable(),
  securityGroupIds: z.array(z.string()),
  placementGroup: z.string().nullable(),
  tenancy: z.string(),
  cores: z.number(),
  threadsPerCore: z.number(),
  metadata: MetadataOptions,
  volumes: z.array(Volume),
  networkInterfaceId: z.string(),
  attachmentId: z.string(),
  spotRequestId: z.string().nullable(),
  clientToken: z.string().nullable(),
  state: InstanceState,
  /** Milliseconds since 1970; a state lasts for a least time from here. */
  stateSince: z.number(),
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  launchedAt: z.string(),
  /** Has been up at least once, so that there is a disk to keep. */
  booted: z.boolean(),
  address: Address.nullable()
})
export type InstanceRecord = z.infer<typeof InstanceRecord>

/** A one-time Spot request. It is fulfilled in the call that makes it; its state follows from its instance. */
const SpotRequest = z.object({
  id: z.string(),
  sequence: z.number(),
  instanceId: z.string(),
  type: z.string(),
  zone: z.string(),
  imageId: z.string(),
  keyName: z.string().nullable(),
  /** USD an hour as it was said; null where none was. */
  maxPrice: z.string().nullable(),
  createdAt: z.string(),
  cancelledAt: z.string().nullable()
})
export type SpotRequest = z.infer<typeof SpotRequest>

/** An image made by CreateImage. */
const OwnImage = z.object({
  id: z.string(),
  sequence: z.number(),
  name: z.string(),
  description: z.string(),
  architecture: z.enum(['x86_64', 'arm64']),
  createdAt: z.string(),
  rootDevice: z.string(),
  snapshotId: z.string(),
  rootGib: z.number(),
  encrypted: z.boolean(),
  sourceInstanceId: z.string(),
  /** `captured`: its files are kept; it is available from `availableAt` on, in milliseconds since 1970. */
  state: z.enum(['capturing', 'captured', 'failed', 'deregistered']),
  availableAt: z.number(),
  reason: z.string()
})
export type OwnImage = z.infer<typeof OwnImage>

export const State = z.object({
  version: z.literal(1),
  sequence: z.number(),
  accountId: z.string(),
  vpc: Vpc,
  subnets: z.array(Subnet),
  keyPairs: z.array(KeyPair),
  securityGroups: z.array(SecurityGroup),
  defaultSecurityGroupId: z.string(),
  securityGroupRules: z.array(SecurityGroupRule),
  placementGroups: z.array(PlacementGroup),
  reservations: z.array(Reservation),
  instances: z.array(InstanceRecord),
  spotRequests: z.array(SpotRequest).default([]),
  volumes: z.array(EbsVolume).default([]),
  snapshots: z.array(Snapshot).default([]),
  images: z.array(OwnImage).default([]),
  /** Tags of everything, by resource id. */
  tags: z.record(z.string(), Tags)
})
export type State = z.infer<typeof State>

/** The next place in the order of all things. */
export function nextSequence(state: State): number {
  state.sequence += 1
  return state.sequence
}

export const tagsOf = (state: State, id: string): Readonly<Record<string, string>> => state.tags[id] ?? {}
