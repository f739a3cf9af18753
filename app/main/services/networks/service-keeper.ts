import type { Workshop } from '../launch/work.ts'
import { aliveInstances } from '../reach/connections.ts'
import { checkServices } from './check-services.ts'
import type { KnownNetwork } from './registry.ts'

/**
 * Sees to it that networks of earlier runs, and those whose machines were stopped and started, get their services back:
 * by a look at each as soon as its machines run, and by a repair where their addresses changed.
 */
export class ServiceKeeper {
  readonly #workshop: Workshop
  readonly #repair: (id: string) => void
  readonly #checks = new Map<string, Promise<void>>()
  readonly #stopped = new AbortController()

  constructor(workshop: Workshop, repair: (id: string) => void) {
    this.#workshop = workshop
    this.#repair = repair
  }

  /** Begins the looks that are due. */
  consider(): void {
    for (const network of this.#workshop.fleet.registry.all()) {
      if (!this.#checks.has(network.id) && isDue(network) && !this.#stopped.signal.aborted) this.#check(network.id)
    }
  }

  /** Resolves when no look at the network is under way. */
  async settled(id: string): Promise<void> {
    await this.#checks.get(id)
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#checks.values())
  }

  #check(id: string): void {
    this.#checks.set(id, this.#look(id).finally(() => this.#checks.delete(id)))
  }

  async #look(id: string): Promise<void> {
    const { fleet, ports } = this.#workshop
    try {
      const found = await checkServices(this.#workshop, id, this.#stopped.signal)
      // A command that began meanwhile sees to the services itself.
      if (this.#stopped.signal.aborted || fleet.registry.find(id)?.activity !== null) return
      if (found === 'moved') this.#repair(id)
      else fleet.registry.change(id, { servicesUp: found === 'up' })
    } catch (error) {
      if (this.#stopped.signal.aborted) return
      ports.log('error', `Looking at the services of ${id} failed`, { reason: String(error) })
      fleet.registry.change(id, { servicesUp: false })
    }
  }
}

function isDue(network: KnownNetwork): boolean {
  const { record } = network
  if (record === null || !record.configured || record.failure !== null || record.terminating) return false
  if (!network.keyHere || network.activity !== null || network.servicesUp !== null || network.unseen !== null) {
    return false
  }
  const alive = aliveInstances(network)
  return alive.length === record.spec.instances
    && alive.every(one => one.state === 'running' || one.state === 'pending')
}
