import type { Store } from '../store.ts'

/** Forgets instances that were terminated before this moment, with their tags, and reservations that are then empty. */
export async function forgetTerminated(store: Store, before: number): Promise<void> {
  const old = store.state.instances.filter(
    (instance) => instance.state === 'terminated' && instance.stateSince < before
  )
  if (old.length === 0) return
  const ids = new Set(old.map((instance) => instance.id))
  await store.change((draft) => {
    draft.instances = draft.instances.filter((instance) => !ids.has(instance.id))
    draft.spotRequests = draft.spotRequests.filter((request) => !ids.has(request.instanceId))
    const inUse = new Set(draft.instances.map((instance) => instance.reservationId))
    draft.reservations = draft.reservations.filter((reservation) => inUse.has(reservation.id))
    for (const instance of old) {
      const owned = [
        instance.id,
        instance.networkInterfaceId,
        instance.spotRequestId,
        ...instance.volumes.map((volume) => volume.id)
      ]
      for (const id of owned) if (id !== null) delete draft.tags[id]
    }
  })
}
