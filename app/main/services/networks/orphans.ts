import type { Orphan, Orphans as OrphanList, Task } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import { orphansAmong } from '../../core/orphans.ts'
import type { TaggedThing } from '../../core/orphans.ts'
import { hoursPerMonth } from '../../core/estimate.ts'
import { imageTag } from '../../core/image-tags.ts'
import { sumPrices } from '../../core/prices.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import { limits } from '../limits.ts'
import type { Workshop } from '../launch/work.ts'
import type { Catalogue } from '../regions/catalogue.ts'
import type { Tasks } from '../tasks/tasks.ts'
import type { RegionWatch } from './region-watch.ts'

const anyNetwork = { [networkIdTag]: '*' }

/** What carries our tags in a region and no network of this computer accounts for. */
export class Orphans {
  readonly #workshop: Workshop
  readonly #tasks: Tasks
  readonly #catalogue: Catalogue

  constructor(workshop: Workshop, tasks: Tasks, catalogue: Catalogue) {
    this.#workshop = workshop
    this.#tasks = tasks
    this.#catalogue = catalogue
  }

  async list(region: string): Promise<OrphanList> {
    const watch = await this.#workshop.fleet.attend(region)
    await watch.look()
    const orphans = orphansAmong(await this.#tagged(watch), this.#accounted(region), watch.region.id)
    return { region: watch.region.id, orphans: [...orphans], pricePerHour: sumPrices(orphans.map(one => one.pricePerHour)) }
  }

  /** Removes exactly these, once each is still found to be one. */
  async remove(region: string, ids: readonly string[]): Promise<Task> {
    const { orphans } = await this.list(region)
    const chosen = orphans.filter(one => ids.includes(one.id))
    const foreign = ids.filter(id => !chosen.some(one => one.id === id))
    if (ids.length === 0 || foreign.length > 0) {
      throw new RmadaError('ORPHAN_UNKNOWN', ids.length === 0
        ? 'Nothing is named that is to be removed.' : `These are not among what was left behind: ${foreign.join(', ')}`, {
        suggestion: 'List what was left behind again, and name only what stands there.'
      })
    }
    const watch = await this.#workshop.fleet.attend(region)
    return this.#tasks.run(this.#tasks.newId(), {
      kind: 'remove-orphans', network: '', title: `Remove what was left behind in ${region}`, cancellable: false,
      steps: [{ name: 'remove', title: 'Remove what was left behind', weight: 1 }]
    }, async progress => {
      progress.begin('remove', `Removing ${chosen.length} things.`)
      let removed = 0
      const kept: string[] = []
      for (const batch of batches(chosen)) {
        try {
          await this.#removeBatch(watch, batch)
          removed += batch.length
          progress.update(removed / chosen.length, `${removed} of ${chosen.length} things are removed.`)
        } catch (error) {
          kept.push(`${batch.map(one => one.id).join(', ')}: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
      if (kept.length > 0) {
        throw new RmadaError('CLOUD_ERROR', `Not everything could be removed. ${kept.join(' ')}`, {
          suggestion: 'List what was left behind and remove it again in some minutes.'
        })
      }
    })
  }

  /** Networks with a record here, whatever their state: their own commands see to their things. */
  #accounted(region: string): ReadonlySet<string> {
    return new Set(this.#workshop.fleet.registry.all()
      .filter(one => one.region === region && one.record !== null).map(one => one.id))
  }

  async #tagged(watch: RegionWatch): Promise<readonly TaggedThing[]> {
    const { cloud } = watch.region
    const [instances, groups, placementGroups, keyPairs, spotRequests, volumes, snapshots, images] = await Promise.all([
      cloud.instances(anyNetwork), cloud.securityGroups(anyNetwork), cloud.placementGroups(anyNetwork),
      cloud.keyPairs(anyNetwork), cloud.spotRequests(anyNetwork), cloud.volumes(anyNetwork),
      cloud.imageSnapshots({ [imageTag]: '*' }), cloud.ownImages()
    ])
    const things: TaggedThing[] = []
    for (const { id, type, state, tags } of instances) {
      if (state === 'terminated' || state === 'shutting-down') continue
      const stopped = state === 'stopped'
      const pricePerHour = stopped ? 0 : (await this.#catalogue.price(type, watch.region)).perHour
      things.push({ id, kind: 'instance', name: tags['Name'] ?? type, state, tags, pricePerHour })
    }
    for (const { id, name, tags } of groups) things.push({ id, kind: 'security-group', name, state: '', tags, pricePerHour: 0 })
    for (const { id, name, tags } of placementGroups) {
      things.push({ id, kind: 'placement-group', name, state: '', tags, pricePerHour: 0 })
    }
    for (const { id, name, tags } of keyPairs) things.push({ id, kind: 'key-pair', name, state: '', tags, pricePerHour: 0 })
    for (const { id, state, tags } of spotRequests) {
      if (state !== 'open' && state !== 'active') continue
      things.push({ id, kind: 'spot-request', name: tags['Name'] ?? id, state, tags, pricePerHour: 0 })
    }
    for (const { id, state, type, sizeGib, tags } of volumes) {
      if (state === 'deleting' || state === 'deleted') continue
      const figure = await this.#catalogue.storagePrice(watch.region.id, type)
      const pricePerHour = figure === null ? null : sizeGib * figure.price / hoursPerMonth
      things.push({ id, kind: 'volume', name: tags['Name'] ?? id, state, tags, pricePerHour })
    }
    // An image that was saved outlives its network and accounts for its snapshots.
    const kept = new Set(images.flatMap(one => one.snapshots.map(snapshot => snapshot.id)))
    const pending = new Set(images.filter(one => one.state === 'pending').map(one => one.tags[imageTag]))
    for (const { id, tags } of snapshots) {
      if (kept.has(id) || pending.has(tags[imageTag])) continue
      things.push({ id, kind: 'snapshot', name: tags['Name'] ?? id, state: '', tags, pricePerHour: null, ownerless: true })
    }
    return things
  }

  async #removeBatch(watch: RegionWatch, batch: readonly Orphan[]): Promise<void> {
    const { cloud } = watch.region
    const ids = batch.map(one => one.id)
    switch (batch[0]?.kind) {
      case 'spot-request': return cloud.cancelSpotRequests(ids)
      case 'instance': return this.#terminate(watch, batch)
      case 'placement-group':
        for (const one of batch) await this.#patiently(watch, () => cloud.deletePlacementGroup(one.name))
        return
      case 'security-group':
        for (const id of ids) await this.#patiently(watch, () => cloud.deleteSecurityGroup(id))
        return
      case 'key-pair':
        for (const id of ids) await cloud.deleteKeyPair(id)
        return
      case 'volume':
        for (const id of ids) await this.#patiently(watch, () => cloud.deleteVolume(id))
        return
      case 'snapshot':
        for (const id of ids) await cloud.deleteImageSnapshot(id)
        return
      case undefined:
    }
  }

  async #terminate(watch: RegionWatch, batch: readonly Orphan[]): Promise<void> {
    const ids = batch.map(one => one.id)
    await watch.region.cloud.terminateInstances(ids)
    for (const networkId of new Set(batch.map(one => one.networkId ?? ''))) {
      await watch.wait(networkId, {
        timeoutMs: limits.terminateMs,
        signal: null,
        until: seen => seen.some(one => ids.includes(one.id) && one.state !== 'terminated') ? null : true,
        timedOut: () => new RmadaError('TIMEOUT', `${ids.join(', ')} did not terminate in time.`, {
          suggestion: 'Remove them again.'
        })
      })
    }
  }

  /** EC2 refuses to delete groups for some time after their last instance ended. */
  async #patiently(watch: RegionWatch, remove: () => Promise<void>): Promise<void> {
    const { clock } = this.#workshop.ports
    const deadline = clock.now().getTime() + limits.groupReleaseMs
    for (;;) {
      try {
        return await remove()
      } catch (error) {
        if (!(error instanceof RmadaError && error.code === 'CLOUD_ERROR') || clock.now().getTime() > deadline) throw error
      }
      await clock.sleep(watch.pace(limits.groupReleasePollMs))
    }
  }
}

/** Things of one kind after the other, in the order in which they can go. */
function batches(orphans: readonly Orphan[]): readonly (readonly Orphan[])[] {
  const byKind = new Map<string, Orphan[]>()
  for (const one of orphans) byKind.set(one.kind, [...byKind.get(one.kind) ?? [], one])
  return [...byKind.values()]
}
