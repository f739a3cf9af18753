/**
 * Machines of the practice cloud on this computer. `namespaces` and `processes` pass the same suite
 * (tests/contract/machines.test.ts); `none` has no machines behind the endpoint and only answers.
 */
export type Backend = 'namespaces' | 'processes' | 'none'

/** What the endpoint wants booted. */
export interface MachineSpec {
  readonly instanceId: string
  /** Login user, `ec2-user`. */
  readonly user: string
  /** OpenSSH public key lines for authorized_keys at first boot. */
  readonly authorizedKeys: readonly string[]
  /** Decoded user data; run once at first boot when it begins with `#!`. */
  readonly userData: string | null
  readonly vcpus: number
  /** An image that `images.capture` made; its files are on the disk before the first boot. Null: this computer's own. */
  readonly imageId?: string | null
}

/** Images made of machines. They outlive their machines, and a restart of the endpoint. */
export interface MachineImages {
  /** Keeps what is on the disk of a machine now, whether it runs or not. */
  capture(instanceId: string, imageId: string): Promise<void>
  /** Idempotent; machines that were made of it keep their disks. */
  remove(imageId: string): Promise<void>
}

/**
 * Disks of their own. `namespaces`: sparse files behind loop devices, seen in the machine as NVMe devices. `processes`:
 * directories, without format, seen as `~/.rmada-volumes/<id>`. `none`: nothing.
 */
export interface MachineVolumes {
  /** Blank, or with the content of a snapshot. */
  create(volume: { readonly volumeId: string; readonly sizeGib: number; readonly snapshotId: string | null }): Promise<void>
  /** Idempotent. */
  remove(volumeId: string): Promise<void>
  /** Idempotent; also to a machine that is off, which then finds it at its next boot. `device` as asked for: /dev/sdf. */
  attach(volumeId: string, instanceId: string, device: string): Promise<void>
  /** False while it is mounted in the machine; with `force` it is unmounted whatever uses it. */
  detach(volumeId: string, instanceId: string, force: boolean): Promise<boolean>
  snapshot(volumeId: string, snapshotId: string): Promise<void>
  /** Idempotent. */
  removeSnapshot(snapshotId: string): Promise<void>
}

/** Where a booted machine is. Addresses change from one start to the next, not over a reboot. */
export interface MachineAddress {
  readonly hostName: string
  readonly privateIp: string
  readonly publicIp: string
  readonly sshPort: number
}

export interface Machines {
  readonly backend: Backend
  readonly volumes: MachineVolumes
  readonly images: MachineImages
  /** Reserves host name and address at once, so that RunInstances can answer in state pending. */
  reserve(instanceId: string): Promise<MachineAddress>
  /** Boots for the first time with the reserved address; resolves when sshd answers. Makes host keys, runs user data. */
  create(spec: MachineSpec): Promise<void>
  /** Boots a stopped machine with its disk and a fresh address. */
  start(instanceId: string): Promise<MachineAddress>
  /** Ends all its processes; the disk stays. */
  stop(instanceId: string): Promise<void>
  /** Ends all its processes and boots again, with the same disk and address; resolves when sshd answers. */
  reboot(instanceId: string): Promise<void>
  /** Ends it and removes every trace: processes, namespaces, mounts, files, network devices. Idempotent. */
  destroy(instanceId: string): Promise<void>
  /** True while its init process lives (also when it was booted by an earlier run of the endpoint). */
  isUp(instanceId: string): Promise<boolean>
  /** The console: boot messages, user data output, host keys between cloud-init's markers. */
  console(instanceId: string): Promise<string>
  /** Has its ssh server accept connections and say nothing from now on, as a hung one does. */
  silence?(instanceId: string): Promise<void>
  /** Releases what all machines share (bridge). `powerOff` stops the machines first; disks stay. */
  close(options: { powerOff: boolean }): Promise<void>
}
