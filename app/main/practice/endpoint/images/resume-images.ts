import type { Machines } from '../../machines/machines.ts'
import type { Store } from '../store.ts'

/** After a restart: an image whose files were being copied has failed, and what was copied of it goes. */
export async function resumeImages(store: Store, machines: Machines): Promise<void> {
  const interrupted = store.state.images.filter((image) => image.state === 'capturing')
  if (interrupted.length === 0) return
  for (const { id } of interrupted) await machines.images.remove(id)
  await store.change((draft) => {
    for (const image of draft.images) {
      if (image.state !== 'capturing') continue
      image.state = 'failed'
      image.reason = 'Client.InternalError: the practice cloud ended while the image was made'
    }
  })
}
