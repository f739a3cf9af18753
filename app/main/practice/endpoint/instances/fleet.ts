import { setTimeout as sleep } from 'node:timers/promises'
import type { InstanceState } from '../../../../contract/index.ts'
import type { Log } from '../../../core/ports/index.ts'
import { createFaults, type Faults } from '../faults/faults.ts'
import type { Machines } from '../../machines/machines.ts'
import type { InstanceRecord } from '../state.ts'
import type { Store } from '../store.ts'
import { practiceUser } from '../../catalogue.ts'
import { internalError } from './lifecycle.ts'
import { rememberAddress } from './address.ts'
import { insist, within } from './patience.ts'

/** Least times that a passing state lasts, so that it can be seen, and how long a terminated instance stays visible. */
export interface Timings {
  readonly pendingMs: number
  readonly stoppingMs: number
  readonly shuttingDownMs: number
  readonly terminatedVisibleMs: number
  /** A boot that takes longer has failed. */
  readonly bootLimitMs: number
}

/** The longest that a timer can wait: 24 days. */
const foreverMs = 2 ** 31 - 1 - 60_000

export const defaultTimings: Timings = {
  pendingMs: 800,
  stoppingMs: 400,
  shuttingDownMs: 400,
  terminatedVisibleMs: 10 * 60_000,
  bootLimitMs: 60_000
}

/** The machines behind the instances, moved towards what the instances' states ask for. */
export interface Fleet {
  /** Brings the machine of this instance to what its state says, in the background; safe to call at any time. */
  attend(id: string): void
  reboot(id: string): void
  isRebooting(id: string): boolean
  /** Takes up after a restart: finishes what was under way, boots again what should run and does not. */
  resume(): Promise<void>
  /** Resolves when no machine is being worked on. */
  idle(): Promise<void>
}

export function createFleet(parts: {
  store: Store
  machines: Machines
  timings: Timings
  log: Log
  faults?: Faults
  /** Runs when a machine is destroyed, before its instance counts as terminated. */
  beforeGone?: (id: string) => Promise<void>
}): Fleet {
  const { store, machines, timings, log, faults = createFaults() } = parts
  let ending = false
  const atWork = new Map<string, Promise<void>>()
  const rebooting = new Set<string>()
  const wakes = new Map<string, AbortController>()

  const find = (id: string) => store.state.instances.find((instance) => instance.id === id)

  /** Moves on from a state, unless a request has moved the instance elsewhere meanwhile. */
  const move = (
    id: string,
    from: InstanceState,
    to: InstanceState,
    change: (instance: InstanceRecord) => void = () => {}
  ) =>
    store.change((draft) => {
      const instance = draft.instances.find((candidate) => candidate.id === id)
      if (instance?.state !== from) return
      instance.state = to
      instance.stateSince = Date.now()
      change(instance)
    })

  /** Waits until the state has lasted its least time, or a request has come for the instance. */
  const lasting = async (instance: InstanceRecord, leastMs: number) => {
    const wake = new AbortController()
    wakes.set(instance.id, wake)
    const left = Math.max(0, instance.stateSince + leastMs - Date.now())
    if (find(instance.id)?.state === instance.state)
      await sleep(left, undefined, { signal: wake.signal }).catch(() => undefined)
    wakes.delete(instance.id)
  }

  const fail = async (instance: InstanceRecord, error: unknown, doing: string) => {
    const why = error instanceof Error ? error.message : String(error)
    log('error', `A practice machine failed to ${doing}`, { instance: instance.id, why })
    // What never was up has no disk worth keeping; what was up stays, stopped.
    const next = instance.booted ? 'stopping' : 'shutting-down'
    await move(instance.id, instance.state, next, (record) => {
      record.reason = internalError(`Failed to ${doing}: ${why}`)
    })
  }

  /** Whether the boot may go on after what is to go wrong with it. */
  const sufferAtBoot = async (instance: InstanceRecord): Promise<boolean> => {
    const fault = faults.nodeFault(instance.id)
    if (faults.rules.bootDelayMs > 0) await lasting(instance, faults.rules.bootDelayMs)
    // Until a request comes for it: a boot that never ends is not waited for here.
    if (fault === 'never-boots' && !ending) await lasting(instance, foreverMs)
    if (find(instance.id)?.state !== 'pending') return false
    if (fault === 'never-boots') throw new Error('the practice cloud ended during its boot')
    if (fault === 'dies') throw new Error('Internal error on launch')
    return true
  }

  const firstBoot = async (instance: InstanceRecord) => {
    const spec = {
      instanceId: instance.id,
      user: practiceUser,
      authorizedKeys: instance.publicKeys,
      userData: instance.userData === null ? null : Buffer.from(instance.userData, 'base64').toString(),
      vcpus: instance.cores * instance.threadsPerCore,
      imageId: store.state.images.some((image) => image.id === instance.imageId) ? instance.imageId : null
    }
    await within(machines.create(spec), timings.bootLimitMs, () => machines.destroy(instance.id))
  }

  const bring = async (instance: InstanceRecord) => {
    if (!instance.booted) {
      if (!(await sufferAtBoot(instance))) return
      await firstBoot(instance)
      if (faults.nodeFault(instance.id) === 'ssh-silent') await machines.silence?.(instance.id)
    }
    else {
      const address = await within(machines.start(instance.id), timings.bootLimitMs, () => machines.stop(instance.id))
      await store.change((draft) => rememberAddress(draft, instance.id, address))
    }
    await lasting(instance, timings.pendingMs)
    await move(instance.id, 'pending', 'running', (record) => {
      record.booted = true
    })
  }

  const rebootNow = async (instance: InstanceRecord) => {
    try {
      await within(machines.reboot(instance.id), timings.bootLimitMs, () => machines.stop(instance.id))
    } finally {
      rebooting.delete(instance.id)
    }
  }

  const destroy = async (instance: InstanceRecord) => {
    await insist(() => machines.destroy(instance.id), log)
    if (parts.beforeGone) await insist(() => parts.beforeGone?.(instance.id) ?? Promise.resolve(), log)
    await lasting(instance, timings.shuttingDownMs)
    await move(instance.id, 'shutting-down', 'terminated', (record) => {
      record.address = null
    })
  }

  const halt = async (instance: InstanceRecord) => {
    await insist(() => machines.stop(instance.id), log)
    await lasting(instance, timings.stoppingMs)
    // EC2 takes the public address back at a stop and leaves the private one.
    await move(instance.id, 'stopping', 'stopped', (record) => {
      if (record.address) record.address.publicIp = ''
    })
  }

  /** One step towards what the state asks for; false when nothing is left to do. */
  const step = async (id: string): Promise<boolean> => {
    const instance = find(id)
    if (!instance) return false
    switch (instance.state) {
      case 'pending':
        await bring(instance).catch((error) => fail(instance, error, 'boot'))
        return true
      case 'running':
        if (!rebooting.has(id)) return false
        await rebootNow(instance).catch((error) => fail(instance, error, 'boot again'))
        return true
      case 'stopping':
        await halt(instance)
        return true
      case 'shutting-down':
        await destroy(instance)
        return true
      case 'stopped':
      case 'terminated':
        rebooting.delete(id)
        return false
    }
  }

  const attend = (id: string) => {
    if (atWork.has(id)) return wakes.get(id)?.abort()
    const work = (async () => {
      let before: InstanceState | undefined
      try {
        do before = find(id)?.state
        while (await step(id))
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        log('error', 'A practice machine could not be brought to its state', { instance: id, why })
      }
      atWork.delete(id)
      // A request that came between the last step and here found the instance attended and relied on this.
      if (find(id)?.state !== before) attend(id)
    })()
    atWork.set(id, work)
  }

  const reboot = (id: string) => {
    rebooting.add(id)
    attend(id)
  }

  return {
    attend,
    reboot,
    isRebooting: (id) => rebooting.has(id),
    async resume() {
      for (const instance of store.state.instances) {
        if (instance.state === 'running') {
          if (!(await machines.isUp(instance.id))) reboot(instance.id)
        } else if (instance.state === 'pending' && !instance.booted) {
          await fail(instance, 'the practice cloud ended during the first boot', 'boot')
          attend(instance.id)
        } else attend(instance.id)
      }
    },
    async idle() {
      ending = true
      for (const [id, wake] of wakes) if (faults.nodeFault(id) === 'never-boots') wake.abort()
      while (atWork.size > 0) await Promise.all(atWork.values())
    }
  }
}
