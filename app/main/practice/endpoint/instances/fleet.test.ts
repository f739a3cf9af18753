import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { InstanceState } from '../../../../contract/index.ts'
import { createNoneMachines } from '../../machines/none.ts'
import type { Machines } from '../../machines/machines.ts'
import type { InstanceRecord } from '../state.ts'
import { openStore, type Store } from '../store.ts'
import { createFleet, type Timings } from './fleet.ts'

const id = 'i-0000000000000000a'
const quick: Timings = { pendingMs: 0, stoppingMs: 0, shuttingDownMs: 0, terminatedVisibleMs: 0, bootLimitMs: 5000 }

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rmada-fleet-'))
  store = await openStore(join(folder, 'state.json'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const record = (state: InstanceState, booted: boolean): InstanceRecord => ({
  id,
  sequence: 1,
  reservationId: 'r-1',
  launchIndex: 0,
  imageId: 'ami-1',
  type: 't3.micro',
  zone: 'practice-1a',
  subnetId: 'subnet-1',
  keyName: null,
  publicKeys: ['ssh-ed25519 AAAA me'],
  userData: Buffer.from('#!/bin/sh\n').toString('base64'),
  securityGroupIds: [],
  placementGroup: null,
  tenancy: 'default',
  cores: 2,
  threadsPerCore: 2,
  metadata: {
    httpTokens: 'required',
    httpEndpoint: 'enabled',
    httpPutResponseHopLimit: 1,
    httpProtocolIpv6: 'disabled',
    instanceMetadataTags: 'disabled'
  },
  volumes: [],
  networkInterfaceId: 'eni-1',
  attachmentId: 'eni-attach-1',
  spotRequestId: null,
  clientToken: null,
  state,
  stateSince: Date.now(),
  reason: null,
  launchedAt: new Date().toISOString(),
  booted,
  address: null
})
const add = (state: InstanceState, booted = state !== 'pending') =>
  store.change((draft) => {
    draft.instances.push(record(state, booted))
  })
const set = (state: InstanceState) =>
  store.change((draft) => {
    for (const instance of draft.instances) instance.state = state
  })
const now = () => store.state.instances[0]?.state

/** Machines that write down what was asked of them, and do some of it as the test says. */
function recorded(instead: Partial<Machines> = {}) {
  const calls: string[] = []
  const machines = { ...createNoneMachines(), ...instead }
  const noted = Object.fromEntries(
    (['create', 'start', 'stop', 'reboot', 'destroy'] as const).map((name) => [
      name,
      (argument: never) => {
        calls.push(name)
        return (machines[name] as (argument: never) => Promise<unknown>)(argument)
      }
    ])
  )
  return { calls, machines: { ...machines, ...noted } as Machines }
}
const fleetOf = (machines: Machines, timings = quick) => createFleet({ store, machines, timings, log: () => {} })

describe('a fleet', () => {
  it('boots with what the instance was launched with', async () => {
    const create = vi.fn<Machines['create']>(async () => {})
    const { machines } = recorded({ create })
    await add('pending')
    const fleet = fleetOf(machines)
    fleet.attend(id)
    await fleet.idle()
    expect(now()).toBe('running')
    expect(create).toHaveBeenCalledWith({
      instanceId: id,
      user: 'ec2-user',
      authorizedKeys: ['ssh-ed25519 AAAA me'],
      userData: '#!/bin/sh\n',
      imageId: null,
      vcpus: 4
    })
  })

  it('lets every passing state last its least time', async () => {
    const { machines } = recorded()
    const fleet = fleetOf(machines, { ...quick, pendingMs: 80, stoppingMs: 80, shuttingDownMs: 80 })
    await add('pending')
    for (const [passing, then] of [
      ['pending', 'running'],
      ['stopping', 'stopped'],
      ['shutting-down', 'terminated']
    ] as const) {
      const since = Date.now()
      await store.change((draft) => {
        for (const instance of draft.instances) Object.assign(instance, { state: passing, stateSince: since })
      })
      fleet.attend(id)
      await fleet.idle()
      expect(store.state.instances[0]).toMatchObject({ state: then })
      expect((store.state.instances[0]?.stateSince ?? 0) - since).toBeGreaterThanOrEqual(79)
    }
  })

  it('ends a boot that fails in terminated, with the reason and without a trace', async () => {
    const { calls, machines } = recorded({
      create: async () => {
        throw new Error('no more loop devices')
      }
    })
    await add('pending')
    const fleet = fleetOf(machines)
    fleet.attend(id)
    await fleet.idle()
    expect(store.state.instances[0]).toMatchObject({
      state: 'terminated',
      reason: { code: 'Server.InternalError', message: 'Server.InternalError: Failed to boot: no more loop devices' }
    })
    expect(calls).toEqual(['create', 'destroy'])
  })

  it('destroys a machine that is terminated while it boots, once the boot is over', async () => {
    const boot = Promise.withResolvers<void>()
    const { calls, machines } = recorded({ create: () => boot.promise })
    await add('pending')
    const fleet = fleetOf(machines, { ...quick, pendingMs: 60_000 })
    fleet.attend(id)
    await set('shutting-down')
    fleet.attend(id)
    await sleep(20)
    expect(calls).toEqual(['create'])
    boot.resolve()
    await fleet.idle()
    expect(calls).toEqual(['create', 'destroy'])
    expect(now()).toBe('terminated')
  })

  it('gives up a boot that never ends, and destroys what comes of it later', async () => {
    const boot = Promise.withResolvers<void>()
    const { calls, machines } = recorded({ create: () => boot.promise })
    await add('pending')
    const fleet = fleetOf(machines, { ...quick, bootLimitMs: 30 })
    fleet.attend(id)
    await fleet.idle()
    expect(now()).toBe('terminated')
    expect(store.state.instances[0]?.reason?.message).toContain('longer than 0.03 s')
    boot.resolve()
    await vi.waitFor(() => expect(calls).toEqual(['create', 'destroy', 'destroy']))
  })

  it('does not lose a request that comes at the very end of the work before it', async () => {
    for (let round = 0; round < 50; round += 1) {
      await store.change((draft) => {
        draft.instances = [record('pending', false)]
      })
      const { machines } = recorded()
      const fleet = fleetOf(machines)
      fleet.attend(id)
      // At a different moment every time.
      for (let tick = 0; tick < round; tick += 1) await Promise.resolve()
      await set('shutting-down')
      fleet.attend(id)
      await fleet.idle()
      expect(now()).toBe('terminated')
    }
  })

  it('tries to destroy again, and stays in shutting-down when nothing helps', async () => {
    let failures = 1
    const { calls, machines } = recorded({
      destroy: async () => {
        if (failures-- > 0) throw new Error('busy')
      }
    })
    await add('shutting-down')
    const fleet = fleetOf(machines)
    fleet.attend(id)
    await fleet.idle()
    expect(calls).toEqual(['destroy', 'destroy'])
    expect(now()).toBe('terminated')
  })

  it('keeps a machine with a disk when it does not come up again', async () => {
    const { calls, machines } = recorded({
      reboot: async () => {
        throw new Error('no address left')
      }
    })
    await add('running')
    const fleet = fleetOf(machines)
    fleet.reboot(id)
    expect(fleet.isRebooting(id)).toBe(true)
    await fleet.idle()
    expect(fleet.isRebooting(id)).toBe(false)
    expect(calls).toEqual(['reboot', 'stop'])
    expect(store.state.instances[0]).toMatchObject({ state: 'stopped', reason: { code: 'Server.InternalError' } })
  })

  it('gives a started machine its new address and port', async () => {
    const address = { hostName: 'ip-1', privateIp: '10.0.0.1', publicIp: '10.0.0.2', sshPort: 4022 }
    const { machines } = recorded({ start: async () => address })
    await add('stopped')
    await set('pending')
    const fleet = fleetOf(machines)
    fleet.attend(id)
    await fleet.idle()
    expect(store.state.instances[0]).toMatchObject({ state: 'running', address })
    expect(store.state.tags[id]).toEqual({ 'rmada:ssh-port': '4022' })
  })
})

describe('after a restart', () => {
  const resumed = async (state: InstanceState, booted: boolean, isUp: boolean) => {
    const { calls, machines } = recorded({ isUp: async () => isUp })
    await add(state, booted)
    const fleet = fleetOf(machines)
    await fleet.resume()
    await fleet.idle()
    return { calls, state: now(), reason: store.state.instances[0]?.reason?.code }
  }

  it.each<[InstanceState, boolean, boolean, string[], InstanceState]>([
    ['running', true, true, [], 'running'],
    ['running', true, false, ['reboot'], 'running'],
    ['stopped', true, false, [], 'stopped'],
    ['stopping', true, true, ['stop'], 'stopped'],
    ['pending', true, false, ['start'], 'running'],
    ['pending', false, false, ['destroy'], 'terminated'],
    ['shutting-down', true, true, ['destroy'], 'terminated'],
    ['terminated', true, false, [], 'terminated']
  ])('%s (booted %s, up %s) leads to %j and %s', async (state, booted, isUp, calls, after) => {
    expect(await resumed(state, booted, isUp)).toMatchObject({ calls, state: after })
  })
})
