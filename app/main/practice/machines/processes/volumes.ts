import { cp, lstat, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { MachineVolumes } from '../machines.ts'
import { volumeFolder } from '../volume-folder.ts'

/** The folder of a home in which attached volumes are seen, each by its id. */
const attachedFolder = '.rmada-volumes'

/**
 * Volumes as directories: without privilege there is no device to format or mount. Attached means a link in the
 * machine's home; the size is not enforced.
 */
export function createDirectoryVolumes(
  stateDirectory: string, homeOf: (instanceId: string) => string
): MachineVolumes {
  const folder = volumeFolder(stateDirectory)
  const linkOf = (volumeId: string, instanceId: string) => join(homeOf(instanceId), attachedFolder, volumeId)

  /** Links in the home through which the volume is used. */
  async function uses(volumeId: string, instanceId: string): Promise<string[]> {
    const home = homeOf(instanceId)
    const found: string[] = []
    for (const name of await readdir(home).catch(() => [])) {
      const path = join(home, name)
      if ((await lstat(path).catch(() => null))?.isSymbolicLink() && (await readlink(path)).endsWith(volumeId)) {
        found.push(path)
      }
    }
    return found
  }

  return {
    create: async ({ volumeId, snapshotId }) => {
      await folder.make()
      if (snapshotId === null) await mkdir(folder.place(volumeId), { recursive: true, mode: 0o700 })
      else await cp(folder.place(snapshotId), folder.place(volumeId), { recursive: true, verbatimSymlinks: true })
    },
    remove: async (volumeId) => {
      await folder.forget(volumeId)
      await folder.remove(volumeId)
    },
    attach: async (volumeId, instanceId, device) => {
      await folder.attach(volumeId, instanceId, device)
      const link = linkOf(volumeId, instanceId)
      await mkdir(join(homeOf(instanceId), attachedFolder), { recursive: true, mode: 0o700 })
      await rm(link, { force: true })
      await symlink(folder.place(volumeId), link, 'junction')
    },
    detach: async (volumeId, instanceId, force) => {
      const used = await uses(volumeId, instanceId)
      if (used.length > 0 && !force) return false
      for (const path of [...used, linkOf(volumeId, instanceId)]) await rm(path, { force: true })
      await folder.forget(volumeId)
      return true
    },
    snapshot: (volumeId, snapshotId) =>
      cp(folder.place(volumeId), folder.place(snapshotId), { recursive: true, verbatimSymlinks: true }),
    removeSnapshot: (snapshotId) => folder.remove(snapshotId)
  }
}
