import { z } from 'zod'

const InRegionById = z.object({ region: z.string(), id: z.string().describe('Volume id, vol-….') })

/** An EBS volume as EC2 describes it, with what Rmada knows of its use. Prices in USD. */
export const Volume = z.object({
  id: z.string(),
  region: z.string(),
  /** Its tag Name; empty when it has none. */
  name: z.string(),
  zone: z.string(),
  state: z.enum(['creating', 'available', 'in-use', 'deleting', 'deleted', 'error']),
  sizeGib: z.number(),
  type: z.string(),
  encrypted: z.boolean(),
  createdAt: z.string(),
  /** Made by Rmada: by volumes.create or with a network. */
  ours: z.boolean(),
  /** The disk that an instance boots from: it stays with its instance. */
  root: z.boolean(),
  attachedTo: z.object({
    instance: z.string(),
    /** Name of the network that the instance belongs to, null for instances that Rmada did not make. */
    network: z.string().nullable(),
    device: z.string(),
    state: z.string()
  }).nullable(),
  /** Where the node has it mounted; null when it is not, or when the node cannot be asked from here. */
  mountedAt: z.string().nullable(),
  pricePerMonth: z.number().nullable(),
  pricePerHour: z.number().nullable(),
  priceSource: z.string().nullable()
})
export type Volume = z.infer<typeof Volume>

export const NewVolume = z.object({
  region: z.string(),
  zone: z.string().describe('Availability zone; a volume serves instances of its zone only.'),
  sizeGib: z.number().describe('Size in GiB.'),
  type: z.string().optional().describe('EBS volume type: gp3 by default.'),
  name: z.string().optional().describe('Its tag Name.'),
  snapshot: z.string().optional().describe('Id of a snapshot that it begins as a copy of; blank by default.')
})

export const AttachVolume = InRegionById.extend({
  network: z.string().describe('Name of the network.'),
  instance: z.string().optional().describe('Instance id; the master by default.')
})

export const MountVolume = InRegionById.extend({
  path: z.string().optional().describe('Absolute path of the mount point; /shared by default.')
})

export const UseVolume = InRegionById

export const SnapshotVolume = InRegionById.extend({ description: z.string().optional() })
export const VolumeSnapshot = z.object({ id: z.string(), volume: z.string(), description: z.string() })

export const DeleteVolume = InRegionById.extend({
  confirm: z.string().describe('The id once more: what is deleted cannot be had back.')
})

/** What a mount did. */
export const MountedVolume = z.object({
  volume: Volume,
  path: z.string(),
  /** It was blank and got a file system. */
  formatted: z.boolean(),
  /** How the other nodes see it; null when there are none. */
  sharedBy: z.enum(['nfs', 'sshfs', 'folder']).nullable()
})
export type MountedVolume = z.infer<typeof MountedVolume>

/** The volume that a network mounts at /shared: an existing one, or one that is made with it. */
export const NetworkVolume = z.union([
  z.strictObject({ id: z.string().describe('Id of an existing volume; the network then stands in its zone.') }),
  z.strictObject({
    new: z.object({
      sizeGib: z.number().describe('Size in GiB.'),
      type: z.string().optional().describe('EBS volume type: gp3 by default.'),
      deleteWithNetwork: z.boolean().optional().describe('Deleted when the network is terminated; kept by default.')
    })
  })
])
export type NetworkVolume = z.infer<typeof NetworkVolume>

/** The same with its defaults filled in; as it stands it can be asked for again. */
export const ResolvedVolume = z.union([
  z.strictObject({ id: z.string() }),
  z.strictObject({ new: z.object({ sizeGib: z.number().int(), type: z.string(), deleteWithNetwork: z.boolean() }) })
])
export type ResolvedVolume = z.infer<typeof ResolvedVolume>
