import { z } from 'zod'

/** A region: of AWS, the practice cloud's, or one behind another EC2-compatible endpoint. */
export const Region = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['aws', 'practice', 'custom']),
  /** URL of the EC2 endpoint where it is not AWS's own. */
  endpoint: z.string().nullable(),
  /** One plain sentence when the region cannot be used now, else null. */
  unavailable: z.string().nullable(),
  /** True for the region that was used last. */
  last: z.boolean().optional()
})
export type Region = z.infer<typeof Region>

const Architecture = z.enum(['x86_64', 'arm64'])

/** The Spot price of a type in one zone, USD an hour. */
const SpotNow = z.object({ zone: z.string(), perHour: z.number() })

/** An instance type as offered in one region. Memory in GiB, price in USD an hour for Linux on demand. */
export const InstanceType = z.object({
  name: z.string(),
  vcpus: z.number().int(),
  cores: z.number().int(),
  threadsPerCore: z.number().int(),
  memoryGib: z.number(),
  network: z.string(),
  architectures: z.array(Architecture),
  /** Kinds of images that it boots, and its network card; absent where the cloud does not say. */
  virtualizations: z.array(z.string()).optional(),
  ena: z.enum(['required', 'supported', 'unsupported']).optional(),
  bootModes: z.array(z.string()).optional(),
  /** False where the type is sold on demand only; absent where the cloud does not say. */
  spotSold: z.boolean().optional(),
  /** May stand in a cluster placement group: the types to prefer for MPI. */
  clusterPlacement: z.boolean(),
  currentGeneration: z.boolean(),
  gpus: z.number().int(),
  /** One name for each kind of GPU, for example "NVIDIA A10G". */
  gpuNames: z.array(z.string()),
  /** Has Elastic Fabric Adapter: the network interface made for MPI. */
  efa: z.boolean(),
  /** Earns and spends CPU credits: for trying, not for computing. */
  burstable: z.boolean(),
  zones: z.array(z.string()),
  pricePerHour: z.number().nullable(),
  /** Where the price comes from and of which date, for example "snapshot of 2026-10-01". */
  priceSource: z.string().nullable(),
  /** Day of that price, YYYY-MM-DD. */
  priceDate: z.string().nullable(),
  /** Spot prices now, the cheapest zone first; empty where they are not known or Spot is not sold. */
  spotPrices: z.array(SpotNow),
  /** Of the cheapest zone; null where it is not known. */
  spotPricePerHour: z.number().nullable()
})
export type InstanceType = z.infer<typeof InstanceType>

/** Orders of instance types. `mpi`: those for clusters of the current generation first, then by price. */
export const TypeOrder = z.enum(['mpi', 'price', 'spot', 'price-per-core', 'cores', 'memory', 'name'])
export type TypeOrder = z.infer<typeof TypeOrder>

/** Which instance types to list, and in which order. What is left out does not narrow the list. */
export const TypeQuery = z.object({
  region: z.string(),
  search: z.string().optional().describe('Words that name, network, GPU or architecture must contain, in any order.'),
  minCores: z.number().nonnegative().optional(),
  maxCores: z.number().nonnegative().optional(),
  minMemoryGib: z.number().nonnegative().optional(),
  maxPrice: z.number().nonnegative().optional().describe('USD an hour on demand; types without a known price are left out.'),
  cluster: z.boolean().optional().describe('Only those that can (or cannot) stand in a cluster placement group.'),
  efa: z.boolean().optional(),
  gpu: z.boolean().optional(),
  current: z.boolean().optional().describe('Only those of the current generation, or only older ones.'),
  architecture: Architecture.optional(),
  zone: z.string().optional().describe('Only those that this zone offers.'),
  sort: TypeOrder.optional().describe('"mpi" by default.'),
  descending: z.boolean().optional(),
  limit: z.number().int().positive().optional(),
  refresh: z.boolean().optional().describe('Ask the cloud anew, however young what is kept is.')
})
export type TypeQuery = z.infer<typeof TypeQuery>

/** From when what is known of instance types and prices is, and where it comes from. Times ISO 8601. */
export const CatalogueAge = z.object({
  types: z.object({
    at: z.string(),
    /** Why they could not be asked for anew although they are old; empty when all is well. */
    problem: z.string()
  }),
  prices: z.object({
    /** `price-list`: of AWS for this region. `snapshot`: the one that travels with Rmada. `none`: no prices at all. */
    from: z.enum(['price-list', 'snapshot', 'none']),
    source: z.string(),
    /** Day of the prices, YYYY-MM-DD. */
    date: z.string().nullable(),
    /** When the price list was asked; null for the snapshot. */
    at: z.string().nullable(),
    problem: z.string()
  }),
  spot: z.object({ at: z.string().nullable(), problem: z.string() })
})
export type CatalogueAge = z.infer<typeof CatalogueAge>

/** Spot price of a type in one zone: now, and the range of the days before. USD an hour. */
export const SpotRange = z.object({
  zone: z.string(),
  now: z.number(),
  /** Since when the present price holds. */
  since: z.string(),
  lowest: z.number(),
  highest: z.number(),
  /** How often it changed within the range. */
  changes: z.number().int()
})
export type SpotRange = z.infer<typeof SpotRange>

export const SpotHistory = z.object({
  instanceType: z.string(),
  days: z.number().int(),
  /** Cheapest zone now first; empty where the type is not sold on Spot. */
  zones: z.array(SpotRange),
  /** For comparison; null when it is not known. */
  onDemandPerHour: z.number().nullable(),
  source: z.string(),
  at: z.string()
})
export type SpotHistory = z.infer<typeof SpotHistory>

/** `uefi-preferred`: boots by UEFI where the type can, else as a BIOS does. */
const BootMode = z.enum(['legacy-bios', 'uefi', 'uefi-preferred'])

/** What Rmada found installed when it made an image; versions as the programs tell them, null for what is missing. */
export const ImageContents = z.object({
  r: z.string().nullable(),
  openMpi: z.string().nullable(),
  rstudio: z.string().nullable(),
  evaluator: z.string().nullable(),
  /** When it was made, ISO 8601. */
  madeAt: z.string().nullable(),
  /** The image that its machine had been launched from. */
  madeFrom: z.string().nullable()
})
export type ImageContents = z.infer<typeof ImageContents>

export const MachineImage = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  architecture: Architecture,
  /** The login name of the image: ec2-user, ubuntu, admin. */
  user: z.string(),
  rootDevice: z.string().nullable(),
  createdAt: z.string().nullable(),
  /** Size of the root volume that it brings; absent where the cloud does not say. */
  rootGib: z.number().optional(),
  /** What decides on which types it boots; absent where the cloud does not say. */
  virtualization: z.string().optional(),
  ena: z.boolean().optional(),
  bootMode: BootMode.optional(),
  /** Belongs to the account, and was not published by others. */
  own: z.boolean().optional(),
  /** What it brings installed; only images that Rmada made say so. */
  carries: ImageContents.nullable().optional(),
  /** Why it does not fit the instance type that was asked about, in one sentence; null when it does. */
  unfit: z.string().nullable().optional()
})
export type MachineImage = z.infer<typeof MachineImage>

export const Zone = z.object({ name: z.string(), state: z.string() })
export type Zone = z.infer<typeof Zone>
