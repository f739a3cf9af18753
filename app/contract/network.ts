import { z } from 'zod'
import { NetworkVolume, ResolvedVolume } from './volume.ts'
import { launchOptions } from './launch-options.ts'
import { OnFailure } from './choice.ts'

/** What the whole network is doing. `running` only after the MPI health check passed and the evaluator answers. */
export const NetworkStatus = z.enum([
  'pending', 'configuring', 'running', 'services-not-running', 'rebooting', 'stopped',
  'terminating', 'terminated', 'failed'
])
export type NetworkStatus = z.infer<typeof NetworkStatus>

/** EC2's own instance states. */
export const InstanceState = z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'])
export type InstanceState = z.infer<typeof InstanceState>

const Role = z.enum(['master', 'slave'])
export type Role = z.infer<typeof Role>

export const Instance = z.object({
  id: z.string(),
  role: Role,
  state: InstanceState,
  /** Why EC2 says it is in this state; empty when all is well. */
  reason: z.string(),
  /** As the node calls itself, for example ip-10-0-0-12. */
  hostName: z.string(),
  publicDns: z.string().nullable(),
  publicIp: z.string().nullable(),
  privateDns: z.string().nullable(),
  privateIp: z.string().nullable(),
  sshPort: z.number().int(),
  type: z.string(),
  image: z.string(),
  zone: z.string(),
  launchedAt: z.string()
})
export type Instance = z.infer<typeof Instance>

/**
 * What a user asks for. Only `region` is always needed: all else has a default, which `networks.plan` shows.
 * Ranges are looked at by the plan, with one sentence for each fault, not here: a number that is not whole must
 * reach the plan to get its sentence.
 */
export const NetworkSpec = z.object({
  onFailure: OnFailure.optional().describe('What a launch does when it meets trouble; "stop" by default, with what is rented kept and told.'),
  name: z.string().optional().describe('Name of the network; a unique one by default.'),
  region: z.string().describe('Region id; "practice-1" is the practice cloud.'),
  instances: z.number().optional().describe('Number of instances, master included; 2 by default.'),
  instanceType: z.string().optional().describe('EC2 instance type.'),
  image: z.string().optional().describe('Machine image id; the newest that fits by default.'),
  zone: z.string().nullable().optional().describe('Availability zone; any by default.'),
  slotsPerHost: z.number().optional().describe('MPI slots of each host; its cores by default.'),
  placementGroup: z.boolean().optional().describe('Cluster placement group; by default when the type can and there is more than one instance.'),
  ...launchOptions,
  volume: NetworkVolume.optional().describe('EBS volume to be mounted at /shared on all nodes; none by default.'),
  packages: z.array(z.string()).optional().describe('R packages of CRAN to have on every node; none beyond Rmpi by default.')
})
export type NetworkSpec = z.infer<typeof NetworkSpec>

/** A spec with every default filled in. */
export const ResolvedSpec = z.object({
  name: z.string(),
  region: z.string(),
  instances: z.number().int(),
  instanceType: z.string(),
  image: z.string(),
  user: z.string(),
  zone: z.string().nullable(),
  slotsPerHost: z.number().int(),
  placementGroup: z.boolean(),
  ...launchOptions,
  /** Absent when there is none. */
  volume: ResolvedVolume.optional(),
  /** Absent when none were asked for. */
  packages: z.array(z.string()).optional()
})
export type ResolvedSpec = z.infer<typeof ResolvedSpec>

/** One thing to know before renting. Errors block, warnings are shown in the review. */
export const Finding = z.object({
  level: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  /** The field of the spec that it is about, or null. */
  field: z.string().nullable(),
  message: z.string(),
  suggestion: z.string()
})
export type Finding = z.infer<typeof Finding>

/** One line of the cost estimate. What is not known is null, never 0. USD. */
export const EstimateLine = z.object({
  /** What it is, in words: "c7i.large, on demand". */
  item: z.string(),
  quantity: z.number(),
  /** Of one, in `unit`. */
  unitPrice: z.number().nullable(),
  unit: z.string(),
  perHour: z.number().nullable(),
  source: z.string(),
  /** Day of the price, YYYY-MM-DD. */
  date: z.string().nullable()
})
export type EstimateLine = z.infer<typeof EstimateLine>

/** Sum of the lines whose price is known. When `complete` is false it is a least: "at least". */
export const EstimateTotal = z.object({
  perHour: z.number().nullable(),
  perDay: z.number().nullable(),
  complete: z.boolean()
})
export type EstimateTotal = z.infer<typeof EstimateTotal>

/** What a launch would create and cost. `spec` is null when errors keep it from being resolved. */
export const Plan = z.object({
  spec: ResolvedSpec.nullable(),
  creates: z.array(z.object({ kind: z.string(), name: z.string(), count: z.number().int() })),
  findings: z.array(Finding),
  /** Of the instances alone; `total` has everything. */
  pricePerHour: z.number().nullable(),
  priceSource: z.string().nullable(),
  /** Empty when `spec` is null. */
  estimate: z.array(EstimateLine),
  total: EstimateTotal
})
export type Plan = z.infer<typeof Plan>

export const Network = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  status: NetworkStatus,
  /** One sentence on what is going on or what went wrong; empty when running. */
  message: z.string(),
  instanceType: z.string(),
  image: z.string(),
  zone: z.string().nullable(),
  slotsPerHost: z.number().int(),
  createdAt: z.string(),
  keyName: z.string().nullable(),
  securityGroup: z.string().nullable(),
  placementGroup: z.string().nullable(),
  /** USD an hour of what is rented now; null where a price is not known. */
  pricePerHour: z.number().nullable(),
  priceSource: z.string().nullable(),
  /** False when this computer does not hold the network's private key (launched elsewhere). */
  keyHere: z.boolean(),
  /** The task at work on it, or the last one that failed. */
  taskId: z.string().nullable(),
  instances: z.array(Instance)
})
export type Network = z.infer<typeof Network>
