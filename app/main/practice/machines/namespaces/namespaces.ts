import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import type { Log } from '../../../core/ports/index.ts'
import { RmadaError } from '../../../core/error.ts'
import { waitForGreeting } from '../answering.ts'
import {
  endMachineProcesses, findByEnvironment, identify, isAlive, machineMarker, signal, waitForEnd
} from '../host-processes.ts'
import type { ProcessIdentity } from '../host-processes.ts'
import { fillImageFolder, imageFolder, removeImageFolder } from '../image-folder.ts'
import { machineFolders, oneAtATime } from '../machine-folder.ts'
import type { MachineRecord } from '../machine-folder.ts'
import type { MachineAddress, Machines } from '../machines.ts'
import { diskOf, furnish, makeDisk, nameMachine, releaseDisk, submounts } from './disk.ts'
import { unpackLayer, writeLayer } from './image-layer.ts'
import { initScripts } from './init-script.ts'
import { createNetwork } from './network.ts'
import { machinePath } from './probe.ts'
import { createLoopVolumes } from './volumes.ts'

/**
 * The manager's own folders, which no machine may look into. Its default ones are under /root, /home or /run, hidden
 * anyway.
 */
function hiddenFolders(stateDirectory: string): string[] {
  const { RMADA_DATA_DIR, RMADA_RUNTIME_DIR, XDG_DATA_HOME, XDG_RUNTIME_DIR } = process.env
  const named = [stateDirectory, RMADA_DATA_DIR, RMADA_RUNTIME_DIR, homedir()]
  const below = [XDG_DATA_HOME, XDG_RUNTIME_DIR].flatMap((path) => path ? [join(path, 'rmada')] : [])
  return [...named, ...below].flatMap((path) => path ? [resolve(path)] : [])
    .filter((path) => path !== '/' && !/^\/(proc|sys|dev|run|tmp|home|root)(\/|$)/.test(path))
}

const hostNameOf = (address: string): string => `ip-${address.replaceAll('.', '-')}`

const addressOf = (ip: string): MachineAddress =>
  ({ hostName: hostNameOf(ip), privateIp: ip, publicIp: ip, sshPort: 22 })

/** The first line that comes out, or an error when the other end closes first. */
async function firstLine(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'))
  }
  throw new Error('The machine ended before it told its process id.')
}

/**
 * Machines in Linux namespaces with an overlay over this computer's file system: own network with an own address, own
 * processes, own host name, OpenSSH's sshd. They are light and real, and no border against a malicious user: who logs
 * in
 * to one may become root in it.
 */
export function createNamespaceMachines(options: { readonly stateDirectory: string; readonly log: Log }): Machines {
  const stateDirectory = resolve(options.stateDirectory)
  const folders = machineFolders(stateDirectory)
  const network = createNetwork(stateDirectory)
  const exclusively = oneAtATime()
  const volumes = createLoopVolumes(stateDirectory, async (instanceId) => (await folders.read(instanceId))?.init ?? null)
  let remarked = false

  const addresses = async (): Promise<string[]> =>
    (await folders.all()).filter((record) => !record.stopped).map((record) => record.address.privateIp)

  /** Starts process 1, records it, gives it its cable and lets it go on. */
  async function startInit(record: MachineRecord): Promise<ProcessIdentity> {
    const folder = folders.folder(record.instanceId)
    const root = join(folder, 'root')
    await mkdir(root, { recursive: true })
    const devices = await volumes.prepare(record.instanceId)
    const console = await open(join(folder, 'console.log'), 'a', 0o600)
    try {
      const child = spawn('unshare', [
        '--mount', '--uts', '--pid', '--net', '--fork', '--kill-child', '/bin/sh', '-c', initScripts.buildAndPivot,
        'init'
      ], {
        cwd: '/',
        detached: true,
        stdio: ['pipe', console.fd, console.fd, 'pipe'],
        env: {
          PATH: machinePath,
          LANG: 'C.UTF-8',
          [machineMarker]: folder,
          ...(process.env['RMADA_LEAK_GUARD'] ? { RMADA_LEAK_GUARD: process.env['RMADA_LEAK_GUARD'] } : {}),
          DISK: diskOf(folder),
          ROOT: root,
          HOST_NAME: record.address.hostName,
          ADDRESS: `${record.address.privateIp}/24`,
          HIDDEN: hiddenFolders(stateDirectory).join('\n'),
          SUBMOUNTS: submounts().join('\n'),
          VOLUMES: devices,
          BOOT: initScripts.boot
        }
      })
      const failed = new Promise<never>((_, reject) => child.once('error', reject))
      child.stdin?.on('error', () => undefined)
      const pid = Number(await Promise.race([firstLine(child.stdio[3] as Readable), failed]))
      const init = identify(pid)
      if (!init) throw new Error('The machine ended at once.')
      await folders.write({ ...record, init, stopped: false })
      await exclusively('network', () => network.plug(record.instanceId, record.address.privateIp, pid))
      child.stdin?.end('go\n')
      child.unref()
      return init
    } finally {
      await console.close()
    }
  }

  async function powerOn(record: MachineRecord): Promise<void> {
    await nameMachine(folders.folder(record.instanceId), record.address)
    try {
      const init = await startInit(record)
      await waitForGreeting(record.address.privateIp, 22, () => isAlive(init))
    } catch (error) {
      const console = await folders.console(record.instanceId)
      await powerOff(await folders.need(record.instanceId))
      throw new RmadaError('PRACTICE_UNAVAILABLE', `The practice machine ${record.instanceId} did not boot.`, {
        suggestion: 'Look at its console output, or choose the practice backend processes.',
        details: { reason: error instanceof Error ? error.message : String(error), console: console.slice(-2000) },
        cause: error
      })
    }
  }

  async function powerOff(record: MachineRecord): Promise<void> {
    const folder = folders.folder(record.instanceId)
    if (record.init) {
      signal(record.init, 'SIGTERM')
      if (!await waitForEnd(record.init, 2_000)) signal(record.init, 'SIGKILL')
      await waitForEnd(record.init, 5_000)
    }
    // What a crash between the start of process 1 and its record left, and the `unshare` that waits for it.
    if (findByEnvironment(machineMarker, folder).length > 0) await endMachineProcesses(folder, record.init)
    await network.unplug(record.instanceId)
    await volumes.release(record.instanceId)
  }

  /** Takes the bridge down when no machine needs it now, and forgets the address range with the last machine. */
  const releaseNetwork = (): Promise<void> => exclusively('network', async () => {
    if ((await addresses()).length === 0) await network.removeBridge()
    await folders.removeRoot()
  })

  const takeAddress = (record: Omit<MachineRecord, 'address'>): Promise<MachineAddress> =>
    exclusively('network', async () => {
      const address = addressOf(await network.nextAddress(await addresses()))
      await folders.write({ ...record, address, stopped: false })
      return address
    })

  return {
    backend: 'namespaces',
    images: {
      capture: (instanceId, imageId) => exclusively(instanceId, async () => {
        await folders.need(instanceId)
        await fillImageFolder(imageFolder(stateDirectory, imageId), (beside) =>
          writeLayer(diskOf(folders.folder(instanceId)), beside))
      }),
      remove: (imageId) => removeImageFolder(imageFolder(stateDirectory, imageId))
    },
    volumes,
    reserve: (instanceId) => takeAddress({ instanceId, user: null, stopped: false, init: null }),
    create: (spec) => exclusively(spec.instanceId, async () => {
      const record = await folders.need(spec.instanceId)
      const folder = folders.folder(spec.instanceId)
      const remark = await makeDisk(folder)
      if (remark && !remarked) options.log('warn', remark)
      remarked ||= remark !== null
      if (spec.imageId) await unpackLayer(imageFolder(stateDirectory, spec.imageId), diskOf(folder))
      await furnish(folder, spec)
      await powerOn({ ...record, user: spec.user })
    }),
    start: (instanceId) => exclusively(instanceId, async () => {
      const record = await folders.need(instanceId)
      if (record.init && isAlive(record.init)) return record.address
      const address = await takeAddress(record)
      await powerOn({ ...record, address, stopped: false })
      return address
    }),
    stop: (instanceId) => exclusively(instanceId, async () => {
      const record = await folders.need(instanceId)
      await powerOff(record)
      await folders.write({ ...record, init: null, stopped: true })
      await releaseNetwork()
    }),
    reboot: (instanceId) => exclusively(instanceId, async () => {
      const record = await folders.need(instanceId)
      await powerOff(record)
      await powerOn(record)
    }),
    destroy: (instanceId) => exclusively(instanceId, async () => {
      const record = await folders.read(instanceId)
      const folder = folders.folder(instanceId)
      await powerOff(record ?? { instanceId, address: addressOf('0.0.0.0'), user: null, stopped: true, init: null })
      releaseDisk(folder)
      await folders.remove(instanceId)
      await releaseNetwork()
    }),
    isUp: async (instanceId) => {
      const record = await folders.read(instanceId)
      return record?.init ? isAlive(record.init) : false
    },
    silence: async (instanceId) => {
      for (const pid of findByEnvironment(machineMarker, folders.folder(instanceId))) {
        const sshd = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sshd' ? identify(pid) : null
        if (sshd) signal(sshd, 'SIGSTOP')
      }
    },
    console: (instanceId) => folders.console(instanceId),
    close: async ({ powerOff: off }) => {
      const records = await folders.all()
      if (off) {
        await Promise.all(records.map((record) => exclusively(record.instanceId, async () => {
          const now = await folders.read(record.instanceId)
          if (!now) return
          await powerOff(now)
          await folders.write({ ...now, init: null, stopped: true })
        })))
        await releaseNetwork()
      }
    }
  }
}
