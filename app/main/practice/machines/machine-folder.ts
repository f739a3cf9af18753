import { mkdir, readFile, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** What is on disk about a machine: all that a later run of the endpoint needs to adopt, reboot or destroy it. */
const MachineRecord = z.object({
  instanceId: z.string(),
  address: z.object({ hostName: z.string(), privateIp: z.string(), publicIp: z.string(), sshPort: z.int() }),
  /** Login user; null until it was created. */
  user: z.string().nullable(),
  /** A stopped machine holds no address. */
  stopped: z.boolean(),
  /** Its init (namespaces) or its ssh server (processes), in the last boot. */
  init: z.object({ pid: z.int(), start: z.string() }).nullable()
})
export type MachineRecord = z.infer<typeof MachineRecord>

/** The folder of all machines of a practice cloud. */
export const machinesFolder = (stateDirectory: string): string => join(stateDirectory, 'machines')

/** Writes JSON so that a reader or a crash never meets half a file. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** The records of all machines below one state directory. */
export function machineFolders(stateDirectory: string) {
  const root = machinesFolder(stateDirectory)
  const folder = (instanceId: string): string => {
    if (!/^i-[0-9a-z-]+$/.test(instanceId)) throw new Error(`Not an instance id: ${instanceId}`)
    return join(root, instanceId)
  }
  const read = async (instanceId: string): Promise<MachineRecord | null> => {
    const text = await readFile(join(folder(instanceId), 'machine.json'), 'utf8').catch(() => null)
    return text === null ? null : MachineRecord.parse(JSON.parse(text))
  }
  const ids = async (): Promise<string[]> => {
    const entries = await readdir(root).catch(() => [])
    return entries.filter((name) => name.startsWith('i-'))
  }
  return {
    root,
    folder,
    read,
    /** The record, or an error for an instance that was never reserved or is already destroyed. */
    async need(instanceId: string): Promise<MachineRecord> {
      const record = await read(instanceId)
      if (!record) throw new Error(`There is no machine ${instanceId}`)
      return record
    },
    async write(record: MachineRecord): Promise<void> {
      await mkdir(folder(record.instanceId), { recursive: true, mode: 0o700 })
      await writeJson(join(folder(record.instanceId), 'machine.json'), record)
    },
    async all(): Promise<MachineRecord[]> {
      const records = await Promise.all((await ids()).map(read))
      return records.filter((record) => record !== null)
    },
    async console(instanceId: string): Promise<string> {
      return readFile(join(folder(instanceId), 'console.log'), 'utf8').catch(() => '')
    },
    async remove(instanceId: string): Promise<void> {
      await rm(folder(instanceId), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
    /** Removes the folder of all machines once it is empty. */
    async removeRoot(): Promise<void> {
      if ((await ids()).length > 0) return
      await rm(join(root, 'network.json'), { force: true })
      await rmdir(root).catch(() => undefined)
    }
  }
}

/** Runs calls one after the other for each key, so that a terminate waits for the boot it follows. */
export function oneAtATime() {
  const tails = new Map<string, Promise<unknown>>()
  return async <Result>(key: string, call: () => Promise<Result>): Promise<Result> => {
    const before = tails.get(key) ?? Promise.resolve()
    const mine = before.then(call, call)
    tails.set(key, mine)
    try {
      return await mine
    } finally {
      if (tails.get(key) === mine) tails.delete(key)
    }
  }
}
