import { RmadaError } from '../../core/error.ts'
import type { Clock, InstanceRecord, Log } from '../../core/ports/index.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import { limits } from '../limits.ts'
import type { OpenRegion } from '../regions/regions.ts'

/** Errors that may pass by themselves while something is waited for. */
const passing = new Set(['ENDPOINT_UNREACHABLE', 'CLOUD_THROTTLED'])

export interface Wait<T> {
  readonly timeoutMs: number
  readonly signal: AbortSignal | null
  /** Looks at the network's instances: a value ends the wait, null goes on. May throw. */
  readonly until: (instances: readonly InstanceRecord[]) => T | null
  /** The sentence for when the time is over. */
  readonly timedOut: () => RmadaError
}

/**
 * The one look at a region's instances that everybody shares: one DescribeInstances for all networks, however many nodes
 * and waits there are.
 */
export class RegionWatch {
  readonly region: OpenRegion
  readonly #clock: Clock
  readonly #log: Log
  readonly #seen: (byNetwork: ReadonlyMap<string, readonly InstanceRecord[]> | null, failure: RmadaError | null) => void
  #byNetwork = new Map<string, InstanceRecord[]>()
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | null = null

  constructor(
    region: OpenRegion, ports: { clock: Clock; log: Log },
    seen: (byNetwork: ReadonlyMap<string, readonly InstanceRecord[]> | null, failure: RmadaError | null) => void
  ) {
    this.region = region
    this.#clock = ports.clock
    this.#log = ports.log
    this.#seen = seen
  }

  /** The instances of a network as of the last look. */
  of(networkId: string): readonly InstanceRecord[] {
    return this.#byNetwork.get(networkId) ?? []
  }

  /** Looks again, unless somebody did within `maxAgeMs`. */
  async look(maxAgeMs = 0): Promise<void> {
    if (this.#looking) return this.#looking
    if (this.#clock.now().getTime() - this.#lookedAt < maxAgeMs) return
    this.#looking = this.#lookNow().finally(() => { this.#looking = null })
    return this.#looking
  }

  /** Looks again and again until the wait is over. */
  async wait<T>(networkId: string, wait: Wait<T>): Promise<T> {
    const deadline = this.#clock.now().getTime() + wait.timeoutMs
    const interval = this.pace(limits.activePollMs)
    for (;;) {
      try {
        await this.look(interval / 2)
      } catch (error) {
        if (!(error instanceof RmadaError && passing.has(error.code)) || this.#clock.now().getTime() > deadline) {
          throw error
        }
        this.#log('warn', `Looking at ${this.region.id} again: ${error.message}`)
      }
      const result = wait.until(this.of(networkId))
      if (result !== null) return result
      if (this.#clock.now().getTime() > deadline) throw wait.timedOut()
      await this.#clock.sleep(interval, wait.signal ?? undefined)
    }
  }

  /** An interval that suits the endpoint, with jitter. */
  pace(interval: { readonly cloud: number; readonly local: number }): number {
    const base = this.region.local ? interval.local : interval.cloud
    return base * (1 + limits.jitter * (2 * Math.random() - 1))
  }

  async #lookNow(): Promise<void> {
    try {
      const instances = await this.region.cloud.instances({ [networkIdTag]: '*' })
      const byNetwork = new Map<string, InstanceRecord[]>()
      for (const instance of instances) {
        const id = instance.tags[networkIdTag]
        if (id !== undefined) byNetwork.set(id, [...(byNetwork.get(id) ?? []), instance])
      }
      this.#byNetwork = byNetwork
      this.#lookedAt = this.#clock.now().getTime()
      this.#seen(byNetwork, null)
    } catch (error) {
      if (error instanceof RmadaError) this.#seen(null, error)
      throw error
    }
  }
}
