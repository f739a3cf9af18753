import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdir, open, rm, stat, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isAlive } from '../host-processes.ts'
import type { ProcessIdentity } from '../host-processes.ts'
import { oneAtATime } from '../machine-folder.ts'
import type { MachineVolumes } from '../machines.ts'
import { volumeFolder } from '../volume-folder.ts'
import type { Attachment } from '../volume-folder.ts'
import { machinePath } from './probe.ts'

const execute = promisify(execFile)
const run = async (command: string, ...args: string[]): Promise<string> =>
  (await execute(command, args, { env: { PATH: machinePath }, encoding: 'utf8' })).stdout

/** The file behind each loop device of this computer, by device path. */
export function loopDevices(): ReadonlyMap<string, string> {
  const devices = new Map<string, string>()
  for (const name of readdirSync('/sys/block')) {
    if (!/^loop\d+$/.test(name)) continue
    try {
      devices.set(`/dev/${name}`, readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trimEnd())
    } catch {
      // Not in use.
    }
  }
  return devices
}

const devicesOf = (file: string): string[] =>
  [...loopDevices()].flatMap(([device, behind]) => behind === file ? [device] : [])

/** The loop device of a file, made when there is none. */
async function loopOf(file: string): Promise<string> {
  return devicesOf(file)[0] ?? (await run('losetup', '--find', '--show', file)).trim()
}

/** Frees the loop devices of a file; a mount that is on its way out (lazily unmounted) is waited for. */
async function freeLoops(file: string): Promise<void> {
  const deadline = performance.now() + 10_000
  while (true) {
    const devices = devicesOf(file)
    if (devices.length === 0) return
    if (performance.now() > deadline) throw new Error(`The loop device of ${file} stays in use`)
    for (const device of devices) await run('losetup', '--detach', device).catch(() => undefined)
    if (devicesOf(file).length > 0) await sleep(20)
  }
}

async function numberOf(device: string): Promise<{ major: number; minor: number }> {
  const { rdev } = await stat(device)
  return { major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00) }
}

/** Names under which a machine sees a volume: as Nitro does, by the volume's id, and as the client asked. */
const namesOf = ({ volumeId, device, number }: Attachment) => ({
  node: `nvme${number}n1`,
  byId: `nvme-Amazon_Elastic_Block_Store_${volumeId.replace('-', '')}`,
  alias: device.replace(/^\/dev\//, '')
})

/** Where a device is mounted in the mount namespace of a process, deepest last. */
function mountPoints(pid: number, major: number, minor: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n').flatMap((line) => {
      const fields = line.split(' ')
      return fields[2] === `${major}:${minor}` && fields[4] !== undefined
        ? [fields[4].replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))] : []
    })
  } catch {
    return []
  }
}

const inMachine = (init: ProcessIdentity, ...command: string[]): Promise<string> =>
  run('nsenter', '--target', String(init.pid), '--mount', '--root', '--wd=/', ...command)

export interface LoopVolumes extends MachineVolumes {
  /** Loop devices for all that is attached to a machine that is about to boot: `MAJOR MINOR NODE BY-ID ALIAS`, a line each. */
  prepare(instanceId: string): Promise<string>
  /** Frees the loop devices of a machine that is off. */
  release(instanceId: string): Promise<void>
}

/** Volumes as sparse files; the loop device of one is there while a machine that runs has it attached. */
export function createLoopVolumes(
  stateDirectory: string, initOf: (instanceId: string) => Promise<ProcessIdentity | null>
): LoopVolumes {
  const folder = volumeFolder(stateDirectory)
  const exclusively = oneAtATime()
  const runningInit = async (instanceId: string): Promise<ProcessIdentity | null> => {
    const init = await initOf(instanceId)
    return init && isAlive(init) ? init : null
  }

  const copy = (from: string, to: string) => run('cp', '--sparse=always', '--reflink=auto', '--', from, to)

  async function plug(attachment: Attachment, init: ProcessIdentity): Promise<void> {
    const loop = await loopOf(folder.place(attachment.volumeId))
    const { major, minor } = await numberOf(loop)
    const { node, byId, alias } = namesOf(attachment)
    const dev = `/proc/${init.pid}/root/dev`
    await mkdir(join(dev, 'disk/by-id'), { recursive: true })
    await rm(join(dev, node), { force: true })
    await run('mknod', '-m', '660', join(dev, node), 'b', String(major), String(minor))
    for (const [target, link] of [[`../../${node}`, `disk/by-id/${byId}`], [node, alias]] as const) {
      await rm(join(dev, link), { force: true })
      await symlink(target, join(dev, link))
    }
  }

  /** False while it is mounted, unless that is to end by force: deepest mounts first, lazily where something uses them. */
  async function unplug(attachment: Attachment, init: ProcessIdentity, force: boolean): Promise<boolean> {
    const [loop] = devicesOf(folder.place(attachment.volumeId))
    if (loop !== undefined) {
      const { major, minor } = await numberOf(loop)
      const points = mountPoints(init.pid, major, minor)
      if (points.length > 0 && !force) return false
      for (const point of points.toReversed()) {
        await inMachine(init, 'umount', point).catch(() => inMachine(init, 'umount', '--lazy', point))
      }
    }
    const { node, byId, alias } = namesOf(attachment)
    for (const name of [node, `disk/by-id/${byId}`, alias]) await rm(`/proc/${init.pid}/root/dev/${name}`, { force: true })
    return true
  }

  return {
    create: async ({ volumeId, sizeGib, snapshotId }) => {
      await folder.make()
      if (snapshotId !== null) await copy(folder.place(snapshotId), folder.place(volumeId))
      const handle = await open(folder.place(volumeId), 'a', 0o600)
      try {
        await handle.truncate(sizeGib * 2 ** 30)
      } finally {
        await handle.close()
      }
    },
    remove: (volumeId) => exclusively(volumeId, async () => {
      await freeLoops(folder.place(volumeId))
      await folder.forget(volumeId)
      await folder.remove(volumeId)
    }),
    attach: (volumeId, instanceId, device) => exclusively(instanceId, async () => {
      const known = await folder.read(volumeId)
      const attachment = known?.instanceId === instanceId ? known : await folder.attach(volumeId, instanceId, device)
      const init = await runningInit(instanceId)
      if (init) await plug(attachment, init)
    }),
    detach: (volumeId, instanceId, force) => exclusively(instanceId, async () => {
      const attachment = await folder.read(volumeId)
      if (attachment?.instanceId !== instanceId) return true
      const init = await runningInit(instanceId)
      if (init && !await unplug(attachment, init, force)) return false
      await freeLoops(folder.place(volumeId))
      await folder.forget(volumeId)
      return true
    }),
    snapshot: async (volumeId, snapshotId) => {
      await folder.make()
      const attachment = await folder.read(volumeId)
      const init = attachment && await runningInit(attachment.instanceId)
      const [loop] = devicesOf(folder.place(volumeId))
      if (init && loop !== undefined) {
        const { major, minor } = await numberOf(loop)
        for (const point of mountPoints(init.pid, major, minor)) await inMachine(init, 'sync', '--file-system', point)
      }
      await copy(folder.place(volumeId), folder.place(snapshotId))
    },
    removeSnapshot: (snapshotId) => folder.remove(snapshotId),
    prepare: async (instanceId) => {
      const lines = (await folder.attachmentsOf(instanceId)).map(async (attachment) => {
        const { major, minor } = await numberOf(await loopOf(folder.place(attachment.volumeId)))
        const { node, byId, alias } = namesOf(attachment)
        return `${major} ${minor} ${node} ${byId} ${alias}`
      })
      return (await Promise.all(lines)).join('\n')
    },
    release: async (instanceId) => {
      for (const { volumeId } of await folder.attachmentsOf(instanceId)) await freeLoops(folder.place(volumeId))
      // Somebody may have removed the state directory while machines still ran: then no record tells of these.
      const removed = join(resolve(stateDirectory), 'volumes/')
      for (const [device, file] of loopDevices()) {
        if (file.startsWith(removed) && file.endsWith(' (deleted)')) await run('losetup', '--detach', device).catch(() => undefined)
      }
    }
  }
}
