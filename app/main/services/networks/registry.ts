import type { Network } from '../../../contract/index.ts'
import type { Cancellation } from '../../core/cancellation.ts'
import { RmadaError } from '../../core/error.ts'
import type { Command } from '../../core/lifecycle.ts'
import { sameName } from '../../core/network-name.ts'
import { networkStatus } from '../../core/network-status.ts'
import { networkView } from '../../core/network-view.ts'
import type { InstanceRecord, NetworkRecord } from '../../core/ports/index.ts'
import type { Price } from '../../core/prices.ts'
import { instancesTag } from '../../core/resource-names.ts'
import { WatchedSet } from '../watch.ts'
import type { SetChange } from '../watch.ts'

/** A network as the manager holds it; what clients see is computed from this. */
export interface KnownNetwork {
  readonly id: string
  readonly region: string
  readonly record: NetworkRecord | null
  readonly instances: readonly InstanceRecord[]
  readonly sshPortByTag: boolean
  readonly price: Price
  readonly keyHere: boolean
  readonly activity: Command | null
  readonly taskId: string | null
  readonly servicesUp: boolean | null
  /** The failure of a network without a record, which has no other place to keep it. */
  readonly failure: string | null
  readonly unseen: string | null
}

/** All networks, by id, from records and from what the cloud shows by tag; and the watch over their views. */
export class NetworkRegistry {
  readonly #known = new Map<string, KnownNetwork>()
  readonly #views = new WatchedSet<Network>()
  readonly #held = new Set<string>()

  all(): readonly KnownNetwork[] {
    return [...this.#known.values()]
  }

  views(): Network[] {
    return this.#views.all()
  }

  watch(signal: Cancellation): AsyncIterable<SetChange<Network>> {
    return this.#views.watch(signal)
  }

  close(): void {
    this.#views.close()
  }

  find(id: string): KnownNetwork | undefined {
    return this.#known.get(id)
  }

  view(id: string): Network | undefined {
    return this.#views.get(id)
  }

  /** The network of a name. Where another computer launched one of the same name, the one with a key here is meant. */
  byName(name: string): KnownNetwork {
    const named = this.#views.all().filter(view => sameName(view.name, name))
    const view = named.find(one => one.keyHere) ?? named[0]
    const known = view && this.#known.get(view.id)
    if (known) return known
    const names = this.#views.all().map(one => one.name)
    throw new RmadaError('NETWORK_UNKNOWN', `There is no network of this name: ${name}`, {
      suggestion: names.length > 0
        ? `The networks are: ${names.join(', ')}.`
        : 'There are no networks; launch one first.'
    })
  }

  namesInUse(): string[] {
    return this.#views.all().map(view => view.name)
  }

  /** Adds a network or changes what is known of it. */
  put(network: KnownNetwork): void {
    this.#known.set(network.id, network)
    this.#publish(network)
  }

  change(id: string, change: Partial<KnownNetwork>): void {
    const known = this.#known.get(id)
    if (known) this.put({ ...known, ...change })
  }

  remove(id: string): void {
    this.#known.delete(id)
    this.#views.remove(id)
  }

  /** Marks a network as at work; a second task is refused until it has ended. Nothing is awaited in between. */
  claim(id: string, activity: Command, taskId: string): void {
    const known = this.#known.get(id)
    if (!known) throw new Error(`Nothing is known of the network: ${id}`)
    if (this.#held.has(id)) {
      throw new RmadaError('NETWORK_BUSY', `An image is being made of the master of ${this.view(id)?.name ?? id}.`, {
        suggestion: 'Wait until its disk is fixed in the image, which takes seconds.'
      })
    }
    if (known.activity !== null) {
      throw new RmadaError('NETWORK_BUSY',
        `Another task (${known.activity}) is at work on ${this.view(id)?.name ?? id}.`, {
        suggestion: 'Wait until it has ended, or cancel it first.'
      })
    }
    this.put({ ...known, activity, taskId })
  }

  /** Keeps every task off a network that goes on running, for as long as the work lasts. */
  async hold<T>(id: string, work: () => Promise<T>): Promise<T> {
    const activity = this.#known.get(id)?.activity ?? null
    if (activity !== null || this.#held.has(id)) {
      throw new RmadaError('NETWORK_BUSY',
        `Another task (${activity ?? 'save-image'}) is at work on ${this.view(id)?.name ?? id}.`, {
        suggestion: 'Wait until it has ended, or cancel it first.'
      })
    }
    this.#held.add(id)
    try {
      return await work()
    } finally {
      this.#held.delete(id)
    }
  }

  #publish(network: KnownNetwork): void {
    const { record } = network
    const { status, message } = networkStatus({
      activity: network.activity,
      instances: network.instances,
      expected: record?.spec.instances ?? expectedByTag(network.instances),
      recorded: record !== null,
      keyHere: network.keyHere,
      configured: record?.configured ?? false,
      failure: record?.failure ?? network.failure,
      terminating: record?.terminating ?? false,
      servicesUp: network.servicesUp,
      unseen: network.unseen
    })
    // A network that is gone and of which nothing is kept is not shown: EC2 lists ended instances for an hour.
    if (status === 'terminated') {
      this.remove(network.id)
      return
    }
    this.#views.set(networkView({ ...network, status, message }))
  }
}

function expectedByTag(instances: readonly InstanceRecord[]): number {
  const tagged = Number(instances[0]?.tags[instancesTag])
  return Number.isInteger(tagged) && tagged > 0 ? tagged : instances.length
}
