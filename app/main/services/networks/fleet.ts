import type { RmadaError } from '../../core/error.ts'
import type { InstanceRecord, NetworkRecord } from '../../core/ports/index.ts'
import type { Resource } from '../../core/resources.ts'
import { limits } from '../limits.ts'
import type { ManagerPorts } from '../manager.ts'
import type { Catalogue } from '../regions/catalogue.ts'
import type { Regions } from '../regions/regions.ts'
import { NetworkRegistry } from './registry.ts'
import { RegionWatch } from './region-watch.ts'
import { given } from '../../core/given.ts'

type FleetPorts = Pick<ManagerPorts, 'records' | 'clock' | 'log'>

/** The networks of all attended regions, kept true to what the cloud says: at each look, and by a timer. */
export class Fleet {
  readonly registry = new NetworkRegistry()
  /** Called after each look at a region. */
  onSeen: () => void = () => {}
  readonly #ports: FleetPorts
  readonly #regions: Regions
  readonly #catalogue: Catalogue
  readonly #watches = new Map<string, Promise<RegionWatch>>()
  readonly #stopped = new AbortController()

  constructor(ports: FleetPorts, regions: Regions, catalogue: Catalogue) {
    this.#ports = ports
    this.#regions = regions
    this.#catalogue = catalogue
  }

  /** The watch over a region; its timer begins with the first call. */
  async attend(regionId: string): Promise<RegionWatch> {
    const attended = this.#watches.get(regionId)
    if (attended) return attended
    const attending = this.#attendAnew(regionId)
    this.#watches.set(regionId, attending)
    attending.catch(() => this.#watches.delete(regionId))
    return attending
  }

  /** A region that is reached in another way from now on. */
  disregard(regionId: string): void {
    this.#watches.delete(regionId)
  }

  /** Saves a record and shows it. */
  async save(record: NetworkRecord): Promise<void> {
    await this.#ports.records.save(record)
    this.registry.change(record.id, { record })
  }

  /** Adds a network of which this computer has a record. */
  async add(record: NetworkRecord): Promise<void> {
    const keyHere = given(record.spec.privateKeyFile) || await this.#ports.records.privateKey(record.id) !== null
    this.registry.put({
      id: record.id, region: record.spec.region, record, instances: [], sshPortByTag: false,
      price: { perHour: null, source: null }, keyHere, activity: null, taskId: null, servicesUp: null, failure: null,
      unseen: `The region has not been looked at yet: ${record.spec.region}`
    })
  }

  /** Adds a network without a record of which more than ended instances is left. */
  addLost(id: string, watch: RegionWatch, resources: readonly Resource[]): void {
    const left = resources.map(one => one.id).join(', ')
    this.registry.put({
      id, region: watch.region.id, record: null, instances: watch.of(id), sshPortByTag: watch.region.cloud.sshPortByTag,
      price: { perHour: null, source: null }, keyHere: false, activity: null, taskId: null, servicesUp: null,
      failure: `Rmada lost its record of this network. Still there: ${left}. Terminate it.`,
      unseen: null
    })
  }

  stop(): void {
    this.#stopped.abort()
    this.registry.close()
  }

  async #attendAnew(regionId: string): Promise<RegionWatch> {
    const region = await this.#regions.open(regionId)
    const watch: RegionWatch = new RegionWatch(region, this.#ports, (byNetwork, failure) => {
      if (byNetwork) this.#saw(watch, byNetwork)
      else if (failure) this.unseen(regionId, failure)
    })
    void this.#keepLooking(watch)
    return watch
  }

  /** What could not be seen is shown as such, with the reason. */
  unseen(regionId: string, failure: RmadaError): void {
    for (const network of this.registry.all()) {
      if (network.region === regionId) this.registry.change(network.id, { unseen: failure.message })
    }
  }

  #saw(watch: RegionWatch, byNetwork: ReadonlyMap<string, readonly InstanceRecord[]>): void {
    const { id: region, cloud: { sshPortByTag } } = watch.region
    for (const network of this.registry.all()) {
      if (network.region !== region) continue
      const gone = network.record?.givenUp ?? []
      // What was given up is shown until it has ended, as it may still cost.
      const instances = (byNetwork.get(network.id) ?? [])
        .filter(one => one.state !== 'terminated' || !gone.includes(one.id))
      // Machines that were stopped have to be looked at anew when they run again.
      const wentDown = network.activity === null && instances.some(one => one.state !== 'running')
      this.registry.change(network.id, {
        instances, sshPortByTag, unseen: null, ...(wentDown ? { servicesUp: null } : {})
      })
    }
    for (const [id, instances] of byNetwork) {
      if (this.registry.find(id) || instances.every(one => one.state === 'terminated')) continue
      this.registry.put({
        id, region, record: null, instances, sshPortByTag, price: { perHour: null, source: null }, keyHere: false,
        activity: null, taskId: null, servicesUp: null, failure: null, unseen: null
      })
    }
    void this.#price(watch)
    this.onSeen()
  }

  /** Prices come from a file of ours; a network without one is shown without. */
  async #price(watch: RegionWatch): Promise<void> {
    for (const network of this.registry.all()) {
      if (network.region !== watch.region.id || network.price.source !== null) continue
      const type = network.record?.spec.instanceType ?? network.instances[0]?.type
      if (type === undefined) continue
      const price = await this.#catalogue.price(type, watch.region)
      if (price.source !== null) this.registry.change(network.id, { price })
    }
  }

  async #keepLooking(watch: RegionWatch): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      const interval = watch.pace(limits.idlePollMs)
      try {
        await this.#ports.clock.sleep(interval, signal)
        if (!this.registry.all().some(network => network.region === watch.region.id)) continue
        if (await this.#watches.get(watch.region.id) !== watch) return
        await watch.look(interval / 2)
      } catch (error) {
        if (signal.aborted) return
        this.#ports.log('warn', `Looking at ${watch.region.id} failed`, {
          reason: error instanceof Error ? error.message : String(error)
        })
      }
    }
  }
}
