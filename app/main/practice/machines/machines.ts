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
  /** Releases what all machines share (bridge). `powerOff` stops the machines first; disks stay. */
  close(options: { powerOff: boolean }): Promise<void>
}
