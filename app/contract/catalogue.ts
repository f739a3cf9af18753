import { z } from 'zod'

/** A region: of AWS, the practice cloud's, or one behind another EC2-compatible endpoint. */
export const Region = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['aws', 'practice', 'custom']),
  /** URL of the EC2 endpoint where it is not AWS's own. */
  endpoint: z.string().nullable(),
  /** One plain sentence when the region cannot be used now, else null. */
  unavailable: z.string().nullable()
})
export type Region = z.infer<typeof Region>

const Architecture = z.enum(['x86_64', 'arm64'])

/** An instance type as offered in one region. Memory in GiB, price in USD an hour for Linux on demand. */
export const InstanceType = z.object({
  name: z.string(),
  vcpus: z.number().int(),
  cores: z.number().int(),
  threadsPerCore: z.number().int(),
  memoryGib: z.number(),
  network: z.string(),
  architectures: z.array(Architecture),
  /** May stand in a cluster placement group: the types to prefer for MPI. */
  clusterPlacement: z.boolean(),
  currentGeneration: z.boolean(),
  gpus: z.number().int(),
  zones: z.array(z.string()),
  pricePerHour: z.number().nullable(),
  /** Where the price comes from and of which date, for example "snapshot of 2026-10-01". */
  priceSource: z.string().nullable()
})
export type InstanceType = z.infer<typeof InstanceType>

export const MachineImage = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  architecture: Architecture,
  /** The login name of the image: ec2-user, ubuntu, admin. */
  user: z.string(),
  rootDevice: z.string().nullable(),
  createdAt: z.string().nullable()
})
export type MachineImage = z.infer<typeof MachineImage>

export const Zone = z.object({ name: z.string(), state: z.string() })
export type Zone = z.infer<typeof Zone>
