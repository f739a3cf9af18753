import { RmadaError } from '../../core/error.ts'
import { sshPortOf } from '../../core/network-view.ts'
import type { InstanceRecord, NetworkRecord, SshConnection, SshTarget } from '../../core/ports/index.ts'
import { roleTag } from '../../core/resource-names.ts'
import { limits } from '../limits.ts'
import type { KeyRing, Signer } from '../keys/key-ring.ts'
import type { ManagerPorts } from '../manager.ts'
import type { KnownNetwork } from '../networks/registry.ts'
import { given } from '../../core/given.ts'

type ReachPorts = Pick<ManagerPorts, 'ssh' | 'records'>

/** ssh connections to the nodes of networks, one for each node that is in use, shared by everything that needs it. */
export class Connections {
  readonly #ports: ReachPorts
  readonly #keys: KeyRing
  /** Called when a node does not answer: whether the way to it was changed, so that it is worth another try. */
  onUnreachable: () => Promise<boolean> = async () => false
  readonly #open = new Map<string, Promise<SshConnection>>()

  constructor(ports: ReachPorts, keys: KeyRing) {
    this.#ports = ports
    this.#keys = keys
  }

  /** The connection to a node, made when there is none. */
  async to(
    network: KnownNetwork, instance: InstanceRecord, options: { timeoutMs?: number; signal?: AbortSignal } = {}
  ): Promise<SshConnection> {
    const key = keyOf(network.id, instance.id)
    const open = this.#open.get(key)
    if (open) return open
    const opening = this.#connect(network, instance, options)
    this.#open.set(key, opening)
    const forget = () => { if (this.#open.get(key) === opening) this.#open.delete(key) }
    opening.then(connection => connection.closed.then(forget), forget)
    return opening
  }

  async toMaster(
    network: KnownNetwork, options: { timeoutMs?: number; signal?: AbortSignal } = {}
  ): Promise<SshConnection> {
    return this.to(network, masterOf(network), options)
  }

  /** Closes a network's connections; with `except`, all but that node's. */
  async close(networkId: string, except?: string): Promise<void> {
    const closing: Promise<void>[] = []
    for (const [key, opening] of this.#open) {
      if (!key.startsWith(keyOf(networkId, '')) || (except !== undefined && key === keyOf(networkId, except))) continue
      this.#open.delete(key)
      closing.push(opening.then(connection => connection.close(), () => {}))
    }
    await Promise.all(closing)
  }

  /** Drops the connection to one node, dead or not, so that the next use makes a new one. */
  async drop(networkId: string, instanceId: string): Promise<void> {
    const key = keyOf(networkId, instanceId)
    const opening = this.#open.get(key)
    this.#open.delete(key)
    await opening?.then(connection => connection.close(), () => {})
  }

  async closeAll(): Promise<void> {
    const opened = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(opened.map(opening => opening.then(connection => connection.close(), () => {})))
  }

  async #connect(
    network: KnownNetwork, instance: InstanceRecord, options: { timeoutMs?: number; signal?: AbortSignal }
  ): Promise<SshConnection> {
    const target = await this.#target(network, instance)
    const timeoutMs = options.timeoutMs ?? limits.sshMs
    const stop = options.signal ? { signal: options.signal } : {}
    const first = Math.min(timeoutMs, limits.firstTryMs)
    try {
      return await this.#ports.ssh.connect(target, { timeoutMs: first, ...stop })
    } catch (error) {
      if (!(error instanceof RmadaError && error.code === 'SSH_UNREACHABLE')) throw error
      // Often it is this computer that moved, and the rule still admits its earlier address.
      const moved = await this.onUnreachable()
      const rest = moved ? timeoutMs : timeoutMs - first
      if (rest <= 0) throw error
      return this.#ports.ssh.connect(target, { timeoutMs: rest, ...stop })
    }
  }

  async #target(network: KnownNetwork, instance: InstanceRecord): Promise<SshTarget> {
    const record = recordOf(network)
    const signer = await this.#signer(record)
    const hostKeys = record.hostKeys[instance.id]
    if (hostKeys === undefined || hostKeys.length === 0) {
      throw new RmadaError('SSH_HOST_KEY_UNAVAILABLE', `The host keys of ${instance.id} are not known.`, {
        suggestion: 'Repair the network, so that they are read from its console output.'
      })
    }
    const host = instance.publicIp ?? instance.publicDns ?? instance.privateIp
    if (host === null) {
      throw new RmadaError('SSH_UNREACHABLE', `${instance.id} has no address.`, {
        suggestion: 'Wait until it runs; if it does, its subnet gives no public addresses.'
      })
    }
    return {
      instanceId: instance.id, host, port: sshPortOf(instance, network.sshPortByTag),
      user: record.spec.user, hostKeys, ...signer
    }
  }

  /** The network's own key, or the one that the user had before. */
  async #signer(record: NetworkRecord): Promise<Signer> {
    if (given(record.spec.privateKeyFile)) return this.#keys.signer(record.spec.privateKeyFile)
    const privateKey = await this.#ports.records.privateKey(record.id)
    if (privateKey === null) throw noKey(record.spec.name)
    return { privateKey }
  }
}

const keyOf = (networkId: string, instanceId: string): string => `${networkId}/${instanceId}`

/** The record of a network, for what only the computer that launched it can do. */
export function recordOf(network: KnownNetwork): NetworkRecord {
  if (network.record) return network.record
  throw noKey(network.id)
}

function noKey(name: string): RmadaError {
  return new RmadaError('SSH_AUTH_FAILED', `This computer does not hold the private key of the network ${name}.`, {
    suggestion: 'Use the computer that launched it; from here it can be terminated only.'
  })
}

/** Instances that are not gone or going, nor given up. */
export function aliveInstances(
  { instances, record }: { readonly instances: readonly InstanceRecord[]; readonly record?: NetworkRecord | null }
): readonly InstanceRecord[] {
  return instances.filter(one => one.state !== 'terminated' && one.state !== 'shutting-down'
    && record?.givenUp?.includes(one.id) !== true)
}

/** The master of a network. */
export function masterOf(network: KnownNetwork): InstanceRecord {
  const master = aliveInstances(network).find(instance => instance.tags[roleTag] === 'master')
  if (master) return master
  throw new RmadaError('NETWORK_NOT_RUNNING', `The network ${network.record?.spec.name ?? network.id} has no master.`, {
    suggestion: 'Repair the network, or terminate it and launch it again.'
  })
}
