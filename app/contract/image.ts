import { z } from 'zod'
import { MachineImage } from './catalogue.ts'

/** A snapshot of a volume that an image consists of; it is billed for as long as it is there. */
const ImageSnapshot = z.object({
  id: z.string(),
  sizeGib: z.number(),
  /** Made by Rmada with the image, so that it goes with the image. */
  ours: z.boolean()
})

/** An image of the user's own account. */
export const OwnImage = MachineImage.extend({
  state: z.enum(['pending', 'available', 'failed', 'other']),
  /** Why it is in that state; empty when all is well. */
  reason: z.string(),
  /** Made by Rmada. Others are shown, and never deregistered from here. */
  ours: z.boolean(),
  /** The network whose master it was made of, null for images of others. */
  network: z.string().nullable(),
  snapshots: z.array(ImageSnapshot),
  /** USD a month at the most: only blocks in use are billed. Null where the price is not known. */
  pricePerMonth: z.number().nullable(),
  priceSource: z.string().nullable()
})
export type OwnImage = z.infer<typeof OwnImage>

/** What an image to be made of a network's master is called. */
export const SaveImage = z.object({
  network: z.string().describe('Name of the network whose master becomes an image.'),
  name: z.string().describe('Name of the image: 3 to 128 letters, digits, spaces and ()[]./-\'@_.'),
  description: z.string().optional().describe('Up to 255 characters.')
})
export type SaveImage = z.infer<typeof SaveImage>

/** Names the image twice, because what is deregistered is gone. */
export const DeregisterImage = z.object({
  region: z.string(),
  id: z.string().describe('Image id, ami-….'),
  confirm: z.string().describe('Name or id of the image, once more.')
})
export type DeregisterImage = z.infer<typeof DeregisterImage>

/** What went with an image. */
export const DeregisteredImage = z.object({
  id: z.string(),
  deletedSnapshots: z.array(z.string()),
  /** Snapshots that Rmada did not make, or that another image needs: they stay. */
  keptSnapshots: z.array(z.string())
})
export type DeregisteredImage = z.infer<typeof DeregisteredImage>
