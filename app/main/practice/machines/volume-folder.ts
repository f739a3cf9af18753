import { mkdir, readFile, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeJson } from './machine-folder.ts'

/** To which machine a volume is attached, as a later run of the endpoint finds it. */
const Attachment = z.object({
  volumeId: z.string(),
  instanceId: z.string(),
  /** As the client named it, /dev/sdf. */
  device: z.string(),
  /** N of /dev/nvmeNn1 in the machine; the root volume is 0. */
  number: z.int()
})
export type Attachment = z.infer<typeof Attachment>

/** Where the volumes of a practice cloud are, their snapshots and the records of what is attached. */
export function volumeFolder(stateDirectory: string) {
  const root = join(stateDirectory, 'volumes')
  const place = (id: string): string => {
    if (!/^(vol|snap)-[0-9a-z]+$/.test(id)) throw new Error(`Not the id of a volume or snapshot: ${id}`)
    return join(root, id)
  }
  const recordFile = (volumeId: string): string => `${place(volumeId)}.json`
  const read = async (volumeId: string): Promise<Attachment | null> => {
    const text = await readFile(recordFile(volumeId), 'utf8').catch(() => null)
    return text === null ? null : Attachment.parse(JSON.parse(text))
  }
  const attachmentsOf = async (instanceId: string): Promise<Attachment[]> => {
    const names = (await readdir(root).catch(() => [])).filter((name) => /^vol-[0-9a-z]+\.json$/.test(name))
    const all = await Promise.all(names.map((name) => read(name.slice(0, -'.json'.length))))
    return all.filter((one) => one?.instanceId === instanceId).filter((one) => one !== null)
  }
  return {
    place,
    read,
    attachmentsOf,
    make: () => mkdir(root, { recursive: true, mode: 0o700 }),
    /** Remembers an attachment under the first free device number of the machine. */
    async attach(volumeId: string, instanceId: string, device: string): Promise<Attachment> {
      const used = (await attachmentsOf(instanceId)).map((one) => one.number)
      let number = 1
      while (used.includes(number)) number += 1
      const attachment = { volumeId, instanceId, device, number }
      await writeJson(recordFile(volumeId), attachment)
      return attachment
    },
    forget: (volumeId: string) => rm(recordFile(volumeId), { force: true }),
    /** Removes what an id stands for, and the folder of all of them once it is empty. */
    async remove(id: string): Promise<void> {
      await rm(place(id), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
      await rmdir(root).catch(() => undefined)
    }
  }
}
