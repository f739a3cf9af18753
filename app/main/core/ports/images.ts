import type { MachineImage, OwnImage } from '../../../contract/index.ts'
import type { Tags } from './tags.ts'

/** An image of the account, whatever its state. */
export interface ImageRecord {
  readonly image: MachineImage
  readonly state: OwnImage['state']
  readonly reason: string
  readonly tags: Tags
  /** Those that its volumes are made of. */
  readonly snapshots: readonly { readonly id: string; readonly sizeGib: number }[]
}

export interface ImageSnapshotRecord {
  readonly id: string
  /** Progress 0 to 1. */
  readonly progress: number
  readonly tags: Tags
}

/** Making and removing images; part of Cloud. */
export interface CloudImages {
  /** The account's own images, in every state. */
  ownImages(): Promise<readonly ImageRecord[]>
  /**
   * Makes an image of an instance that goes on running: without a reboot. The tags go on the image and its snapshots in
   * the same call. IMAGE_NAME_IN_USE when an image has the name.
   */
  createImage(request: { instanceId: string; name: string; description: string; tags: Tags }): Promise<string>
  /** Succeeds when it is already gone. */
  deregisterImage(id: string): Promise<void>
  /** Snapshots with all these tags; they are there as soon as the content of the disk is fixed. */
  imageSnapshots(tags: Tags): Promise<readonly ImageSnapshotRecord[]>
  /** False when another image needs it; true when it is gone, also when it was before. */
  deleteImageSnapshot(id: string): Promise<boolean>
}
