import { RmadaError } from '../../core/error.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import { admitOwnAddress } from '../launch/open-ssh.ts'
import type { Workshop } from '../launch/work.ts'
import { limits } from '../limits.ts'

/**
 * Lets ssh in from where this computer is now, and no longer from where it was: looked at when the manager starts, from
 * time to time (so also soon after a laptop wakes), and when a node does not answer. Only rules that Rmada wrote into
 * groups of networks of this computer are ever changed. A look that finds the address unchanged calls EC2 not at all.
 */
export class AddressKeeper {
  readonly #workshop: Workshop
  readonly #stopped = new AbortController()
  /** The address that each region was last told. */
  readonly #admitted = new Map<string, string>()
  #looking: Promise<boolean> | null = null

  constructor(workshop: Workshop) {
    this.#workshop = workshop
  }

  /** Begins to follow; the first look is at once. */
  start(): void {
    void this.#follow()
  }

  stop(): void {
    this.#stopped.abort()
  }

  /** Looks now, at the rules too. Whether any had to be changed, so that trying again makes sense. */
  async check(rules: boolean): Promise<boolean> {
    this.#looking ??= this.#look(rules).finally(() => { this.#looking = null })
    return this.#looking
  }

  async #follow(): Promise<void> {
    const { clock } = this.#workshop.ports
    const { signal } = this.#stopped
    while (!signal.aborted) {
      await this.check(false)
      try {
        await clock.sleep(limits.addressMs, signal)
      } catch {
        return
      }
    }
  }

  async #look(rules: boolean): Promise<boolean> {
    const { ports, fleet } = this.#workshop
    const networks = fleet.registry.all().filter(one => one.keyHere && one.record !== null && one.instances.length > 0
      && (one.record.spec.securityGroup ?? null) === null && !one.record.terminating && one.activity === null)
    let changed = false
    for (const region of new Set(networks.map(one => one.region))) {
      try {
        const ids = networks.filter(one => one.region === region).map(one => one.id)
        changed = await this.#admit(region, new Set(ids), rules) || changed
      } catch (error) {
        if (!(error instanceof RmadaError)) throw error
        ports.log('warn', `The inbound rules in ${region} cannot be looked at now: ${error.message}`, { code: error.code })
      }
    }
    return changed
  }

  async #admit(region: string, ids: ReadonlySet<string>, rules: boolean): Promise<boolean> {
    const { ports, fleet } = this.#workshop
    const watch = await fleet.attend(region)
    const address = await ports.ownAddress(watch.region.endpoint)
    if (!rules && this.#admitted.get(region) === address) return false
    let changed = false
    for (const group of await watch.region.cloud.securityGroups({ [networkIdTag]: '*' })) {
      if (!ids.has(group.tags[networkIdTag] ?? '')) continue
      if (await admitOwnAddress(watch.region.cloud, group, address)) {
        changed = true
        ports.log('info', `ssh to ${group.name} is open to ${address} now`, { group: group.id })
      }
    }
    this.#admitted.set(region, address)
    return changed
  }
}
