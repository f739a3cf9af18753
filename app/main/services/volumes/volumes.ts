import type { Input, Output, Volume } from '../../../contract/index.ts'
import type { Handlers } from '../../core/handlers.ts'
import { RmadaError } from '../../core/error.ts'
import type { InstanceRecord, VolumeRecord } from '../../core/ports/index.ts'
import { hoursPerMonth } from '../../core/estimate.ts'
import { networkIdTag, networkTag } from '../../core/resource-names.ts'
import { defaultVolumeType, kindsOfVolumes, newVolumeFault } from '../../core/volume-rules.ts'
import { isOurs, isRoot, usedTag, volumeTag } from '../../core/volume-tags.ts'
import { sharedPath } from '../launch/mount-volume.ts'
import type { Workshop } from '../launch/work.ts'
import type { KnownNetwork } from '../networks/registry.ts'
import type { RegionWatch } from '../networks/region-watch.ts'
import { aliveInstances, masterOf } from '../reach/connections.ts'
import type { Catalogue } from '../regions/catalogue.ts'
import { attach, detach, untilFree, volumeById } from './attach.ts'
import type { VolumeWork } from './attach.ts'
import { mountAndShare, mountPointOf, unmountEverywhere } from './on-node.ts'
import type { Mount } from './on-node.ts'

interface Place { readonly network: KnownNetwork; readonly instance: InstanceRecord }

/** The volumes of a region: what there is, and everything that can be done with one that the user names. */
export class Volumes {
  readonly #workshop: Workshop
  readonly #catalogue: Catalogue

  constructor(workshop: Workshop, catalogue: Catalogue) {
    this.#workshop = workshop
    this.#catalogue = catalogue
  }

  readonly handlers = {
    'volumes.list': async ({ region }) => this.#list(region),
    'volumes.create': async input => this.#create(input),
    'volumes.attach': async input => this.#attach(input),
    'volumes.mount': async input => this.#mount(input),
    'volumes.unmount': async input => this.#unmount(input),
    'volumes.detach': async input => this.#detach(input),
    'volumes.snapshot': async input => this.#snapshot(input),
    'volumes.delete': async input => this.#delete(input)
  } satisfies Pick<Handlers, Extract<keyof Handlers, `volumes.${string}`>>

  async #list(regionId: string): Promise<Volume[]> {
    const watch = await this.#watch(regionId)
    const [volumes] = await Promise.all([watch.region.cloud.volumes({}), watch.look(5000)])
    const shown = volumes.filter(one => one.state !== 'deleted')
    const views = await Promise.all(shown.map(one => this.#view(watch, one)))
    return views.toSorted((a, b) => Number(a.root) - Number(b.root) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
  }

  async #create(input: Input<'volumes.create'>): Promise<Volume> {
    const { region, zone, sizeGib, type = defaultVolumeType, name = '', snapshot = null } = input
    const why = newVolumeFault(sizeGib, type)
    if (why !== null) {
      throw new RmadaError('VOLUME_INVALID', why, { suggestion: `Choose one of ${kindsOfVolumes.join(', ')}, and a size that it can have.` })
    }
    const zones = await this.#catalogue.zones(region)
    if (!zones.some(one => one.name === zone)) {
      throw new RmadaError('ZONE_UNKNOWN', `The region ${region} has no zone of this name: ${zone}`, {
        suggestion: `Its zones are ${zones.map(one => one.name).join(', ')}.`
      })
    }
    const watch = await this.#watch(region)
    const { id } = await watch.region.cloud.createVolume({
      clientToken: `rmada-volume-${this.#workshop.ports.randomHex(16)}`, zone, sizeGib, type, snapshotId: snapshot,
      tags: { [volumeTag]: 'own', ...(name ? { Name: name } : {}) }
    })
    return this.#view(watch, await untilFree(this.#work(watch), id))
  }

  async #attach({ region, id, network: name, instance: wanted }: Input<'volumes.attach'>): Promise<Volume> {
    const watch = await this.#watch(region)
    await watch.look()
    const network = this.#workshop.fleet.registry.byName(name)
    const instance = wanted === undefined ? masterOf(network) : aliveInstances(network).find(one => one.id === wanted)
    if (!instance) {
      throw new RmadaError('INSTANCE_UNKNOWN', `The network ${name} has no such instance: ${wanted}`, {
        suggestion: `Its instances are: ${aliveInstances(network).map(one => one.id).join(', ')}.`
      })
    }
    return this.#view(watch, await attach(this.#work(watch), id, instance))
  }

  async #mount({ region, id, path = sharedPath }: Input<'volumes.mount'>): Promise<Output<'volumes.mount'>> {
    if (!/^(\/[A-Za-z0-9._-]+)+$/.test(path) || path.split('/').includes('..')) {
      throw new RmadaError('INVALID_INPUT', `This is not a path that a volume can be mounted at: ${path}`, {
        suggestion: 'Give an absolute path of letters, digits, dots and dashes, such as /shared.'
      })
    }
    const watch = await this.#watch(region)
    await watch.look()
    const volume = await volumeById(watch.region.cloud, id)
    const mount = { ...this.#mountOf(volume), path }
    // Before the first write: it may hold data from now on.
    if (isOurs(volume)) await watch.region.cloud.tag([id], { [usedTag]: 'true' })
    const { path: mountedAt, formatted, sharedBy } = await mountAndShare(this.#workshop, mount)
    return { volume: { ...await this.#view(watch, volume), mountedAt }, path: mountedAt, formatted, sharedBy }
  }

  async #unmount({ region, id }: Input<'volumes.unmount'>): Promise<Volume> {
    const watch = await this.#watch(region)
    await watch.look()
    const volume = await volumeById(watch.region.cloud, id)
    await this.#unmountNow(volume)
    return this.#view(watch, volume)
  }

  /** Only what is attached where we looked, and unmounted before: no write is lost. */
  async #detach({ region, id }: Input<'volumes.detach'>): Promise<Volume> {
    const watch = await this.#watch(region)
    await watch.look()
    const volume = await volumeById(watch.region.cloud, id)
    if (isRoot(volume)) {
      throw new RmadaError('VOLUME_PROTECTED', `The volume ${id} is the disk that ${volume.attachment?.instanceId} boots from.`, {
        suggestion: 'It stays with its instance.'
      })
    }
    if (volume.attachment === null) return this.#view(watch, volume)
    const place = this.#placeOf(volume)
    if (place && place.network.keyHere && place.instance.state === 'running') await this.#unmountNow(volume)
    return this.#view(watch, await detach(this.#work(watch), id, volume.attachment.instanceId))
  }

  async #snapshot({ region, id, description = '' }: Input<'volumes.snapshot'>): Promise<Output<'volumes.snapshot'>> {
    const { cloud } = (await this.#watch(region)).region
    const volume = await volumeById(cloud, id)
    if (isRoot(volume)) {
      throw new RmadaError('VOLUME_PROTECTED', `The volume ${id} is the disk that an instance boots from.`, {
        suggestion: 'Save the network as a machine image instead.'
      })
    }
    const Name = volume.tags['Name']
    const text = description || `Of ${Name ? `${Name} (${id})` : id}, by Rmada`
    const snapshot = await cloud.createSnapshot({
      volumeId: id, description: text, tags: { [volumeTag]: 'snapshot', ...(Name ? { Name } : {}) }
    })
    return { id: snapshot, volume: id, description: text }
  }

  async #delete({ region, id, confirm }: Input<'volumes.delete'>): Promise<Record<string, never>> {
    if (confirm !== id) {
      throw new RmadaError('VOLUME_PROTECTED', `The volume ${id} was not deleted, because its id was not confirmed.`, {
        suggestion: 'Give the id once more: what is on a deleted volume cannot be had back.'
      })
    }
    const { cloud } = (await this.#watch(region)).region
    const volume = await volumeById(cloud, id)
    if (volume.attachment) {
      throw new RmadaError('VOLUME_IN_USE', `The volume ${id} is attached to ${volume.attachment.instanceId}.`, {
        suggestion: 'Detach it first.'
      })
    }
    await cloud.deleteVolume(id)
    return {}
  }

  async #unmountNow(volume: VolumeRecord): Promise<void> {
    const mount = this.#mountOf(volume)
    const path = await mountPointOf(this.#workshop, mount)
    // What is not mounted here may still be written in tables for the next boot.
    await unmountEverywhere(this.#workshop, { ...mount, path: path ?? sharedPath })
  }

  /** Needs the volume attached to a node that can be reached from here. */
  #mountOf(volume: VolumeRecord): Omit<Mount, 'path'> {
    const place = this.#placeOf(volume)
    if (place && volume.attachment && !isRoot(volume)) {
      return { ...place, volumeId: volume.id, device: volume.attachment.device }
    }
    throw new RmadaError('VOLUME_INVALID', `The volume ${volume.id} is not attached to a network of yours.`, {
      suggestion: 'Attach it to a network first.'
    })
  }

  #placeOf(volume: VolumeRecord): Place | null {
    const holder = volume.attachment?.instanceId
    for (const network of this.#workshop.fleet.registry.all()) {
      const instance = network.instances.find(one => one.id === holder)
      if (instance) return { network, instance }
    }
    return null
  }

  async #view(watch: RegionWatch, volume: VolumeRecord): Promise<Volume> {
    const place = this.#placeOf(volume)
    const price = await this.#catalogue.volumePrice(watch.region.id, volume.type)
    const perMonth = price.perGibMonth === null ? null : rounded(price.perGibMonth * volume.sizeGib)
    return {
      id: volume.id, region: watch.region.id, name: volume.tags['Name'] ?? '', zone: volume.zone, state: volume.state,
      sizeGib: volume.sizeGib, type: volume.type, encrypted: volume.encrypted, createdAt: volume.createdAt,
      ours: isOurs(volume), root: isRoot(volume),
      attachedTo: volume.attachment && {
        instance: volume.attachment.instanceId, device: volume.attachment.device, state: volume.attachment.state,
        network: place ? nameOf(place.network) : null
      },
      mountedAt: await this.#mountedAt(volume, place),
      pricePerMonth: perMonth, pricePerHour: perMonth === null ? null : rounded(perMonth / hoursPerMonth),
      priceSource: price.source
    }
  }

  /** The node itself is asked; one that does not answer leaves it unknown. */
  async #mountedAt(volume: VolumeRecord, place: Place | null): Promise<string | null> {
    if (isRoot(volume)) return '/'
    const reachable = place && place.network.keyHere && place.network.record?.hostKeys[place.instance.id] !== undefined
      && place.instance.state === 'running' && volume.attachment?.state === 'attached'
    if (!reachable) return null
    try {
      return await mountPointOf(this.#workshop, this.#mountOf(volume))
    } catch (error) {
      this.#workshop.ports.log('warn', 'A node could not be asked where its volume is mounted', {
        volume: volume.id, why: error instanceof Error ? error.message : String(error)
      })
      return null
    }
  }

  #watch(region: string): Promise<RegionWatch> {
    return this.#workshop.fleet.attend(region)
  }

  #work(watch: RegionWatch): VolumeWork {
    return { cloud: watch.region.cloud, clock: this.#workshop.ports.clock, pace: interval => watch.pace(interval) }
  }
}

const nameOf = (network: KnownNetwork): string =>
  network.record?.spec.name ?? network.instances[0]?.tags[networkTag] ?? network.instances[0]?.tags[networkIdTag] ?? network.id

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6
