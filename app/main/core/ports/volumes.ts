import type { Tags } from './tags.ts'

/** A volume as EC2 describes it. Times ISO 8601. */
export interface VolumeRecord {
  readonly id: string
  readonly state: 'creating' | 'available' | 'in-use' | 'deleting' | 'deleted' | 'error'
  readonly zone: string
  readonly sizeGib: number
  readonly type: string
  readonly encrypted: boolean
  readonly createdAt: string
  readonly attachment: {
    readonly instanceId: string
    readonly device: string
    readonly state: 'attaching' | 'attached' | 'detaching' | 'detached' | 'busy'
  } | null
  readonly tags: Tags
}

export interface CreateVolumeRequest {
  /** Idempotency: the same token never makes two. */
  readonly clientToken: string
  readonly zone: string
  readonly sizeGib: number
  readonly type: string
  readonly snapshotId: string | null
  readonly tags: Tags
}

/** EBS volumes of a region. */
export interface VolumeVerbs {
  /** Volumes that carry all these tags (value `*`: any value); all for none. */
  volumes(tags: Tags): Promise<readonly VolumeRecord[]>
  volume(id: string): Promise<VolumeRecord | null>
  /** Encrypted. */
  createVolume(request: CreateVolumeRequest): Promise<VolumeRecord>
  attachVolume(id: string, instanceId: string, device: string): Promise<void>
  /** From this instance and no other. Succeeds when it is not attached to it any more. */
  detachVolume(id: string, instanceId: string): Promise<void>
  /** Succeeds when it is already gone. */
  deleteVolume(id: string): Promise<void>
  /** The id of the snapshot, which is made in the background. */
  createSnapshot(request: { volumeId: string; description: string; tags: Tags }): Promise<string>
  untag(ids: readonly string[], names: readonly string[]): Promise<void>
}
