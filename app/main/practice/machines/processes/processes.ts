import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, chmod, mkdir, open, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { RmadaError } from '../../../core/error.ts'
import type { Log } from '../../../core/ports/index.ts'
import { makeEd25519 } from '../../ed25519.ts'
import { greets } from '../answering.ts'
import { endMachineProcesses, identify, isAlive, machineMarker, signal } from '../host-processes.ts'
import { copyFiles, fillImageFolder, imageFolder, removeImageFolder } from '../image-folder.ts'
import { machineFolders, oneAtATime } from '../machine-folder.ts'
import type { MachineRecord } from '../machine-folder.ts'
import type { MachineSpec, Machines } from '../machines.ts'
import { machineEnvironment } from './machine-environment.ts'
import { createDirectoryVolumes } from './volumes.ts'

/** The machine's program: a source file when Node runs the sources, a bundle of its own in a built app. */
function serverProgram(): string {
  const places = ['./machine-server.ts', './practice-machine.js'].map((name) =>
    fileURLToPath(new URL(name, import.meta.url)))
  const found = places.find((path) => existsSync(path))
  if (found === undefined) throw new Error(`The program of practice machines is missing: ${places.join(' or ')}`)
  return found
}

/**
 * A free port below the ranges from which operating systems take ports of their own accord, so that it is still free
 * when the machine boots, and boots again.
 */
async function freePort(used: readonly number[]): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(20_000, 32_000)
    if (used.includes(port)) continue
    const free = await new Promise<boolean>((settle) => {
      const server = createServer()
      server.once('error', () => settle(false))
      server.listen(port, '127.0.0.1', () => server.close(() => settle(true)))
    })
    if (free) return port
  }
  throw new Error('No free port was found for a practice machine.')
}

async function hasEnded(stream: Readable, word: string): Promise<boolean> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return !text.includes(word)
}

/**
 * Machines without any privilege: a home directory and an ssh server of its own on a loopback port each. They share
 * this
 * computer's host name, address, files and user, so programs of all "machines" of a network run side by side here.
 */
export function createProcessMachines(options: { readonly stateDirectory: string; readonly log: Log }): Machines {
  const stateDirectory = resolve(options.stateDirectory)
  const folders = machineFolders(stateDirectory)
  const exclusively = oneAtATime()

  async function furnish(folder: string, spec: MachineSpec): Promise<void> {
    const ssh = join(folder, 'home', '.ssh')
    if (spec.imageId) await copyFiles(join(imageFolder(stateDirectory, spec.imageId), 'home'), join(folder, 'home'))
    await mkdir(ssh, { recursive: true, mode: 0o700 })
    await chmod(join(folder, 'home'), 0o700)
    // Added to what an image brings, as cloud-init does.
    await appendFile(join(ssh, 'authorized_keys'), spec.authorizedKeys.map((key) => `${key.trim()}\n`).join(''),
      { mode: 0o600 })
    await writeFile(join(folder, 'host-key'), makeEd25519().private, { mode: 0o600 })
    if (spec.userData?.startsWith('#!')) await writeFile(join(folder, 'user-data'), spec.userData, { mode: 0o700 })
  }

  async function startServer(record: MachineRecord, user: string): Promise<void> {
    const folder = folders.folder(record.instanceId)
    const console = await open(join(folder, 'console.log'), 'a', 0o600)
    try {
      const child = spawn(process.execPath, [serverProgram(), folder, String(record.address.sshPort), user], {
        cwd: join(folder, 'home'),
        detached: true,
        windowsHide: true,
        stdio: ['ignore', console.fd, console.fd, 'pipe'],
        env: {
          ...machineEnvironment(join(folder, 'home'), user),
          [machineMarker]: folder,
          // Electron's own binary serves as Node where there is no other; it says so to nobody below.
          ...(process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' })
        }
      })
      const failed = new Promise<never>((_, reject) => child.once('error', reject))
      const init = child.pid === undefined ? null : identify(child.pid)
      if (init) await folders.write({ ...record, user, init, stopped: false })
      const ended = await Promise.race([hasEnded(child.stdio[3] as Readable, 'listening'), failed])
      child.unref()
      if (ended) throw new Error('Its ssh server ended at once.')
      if (!await greets('127.0.0.1', record.address.sshPort, 5_000)) throw new Error('Its ssh server does not answer.')
    } finally {
      await console.close()
    }
  }

  async function powerOn(record: MachineRecord, user: string): Promise<void> {
    try {
      await startServer(record, user)
    } catch (error) {
      const console = await folders.console(record.instanceId)
      await powerOff(await folders.need(record.instanceId))
      throw new RmadaError('PRACTICE_UNAVAILABLE', `The practice machine ${record.instanceId} did not boot.`, {
        suggestion: 'Look at its console output, and launch it again.',
        details: { reason: error instanceof Error ? error.message : String(error), console: console.slice(-2000) },
        cause: error
      })
    }
  }

  const powerOff = (record: MachineRecord): Promise<void> =>
    endMachineProcesses(folders.folder(record.instanceId), record.init)

  const userOf = (record: MachineRecord): string => {
    if (record.user === null) throw new Error(`The machine ${record.instanceId} was never booted`)
    return record.user
  }

  return {
    backend: 'processes',
    images: {
      capture: (instanceId, imageId) => exclusively(instanceId, async () => {
        await folders.need(instanceId)
        await fillImageFolder(imageFolder(stateDirectory, imageId), (beside) =>
          copyFiles(join(folders.folder(instanceId), 'home'), join(beside, 'home')))
      }),
      remove: (imageId) => removeImageFolder(imageFolder(stateDirectory, imageId))
    },
    volumes: createDirectoryVolumes(resolve(options.stateDirectory), (instanceId) => join(folders.folder(instanceId), 'home')),
    reserve: (instanceId) => exclusively('ports', async () => {
      const used = (await folders.all()).map((record) => record.address.sshPort)
      const address = { hostName: hostname(), privateIp: '127.0.0.1', publicIp: '127.0.0.1',
        sshPort: await freePort(used) }
      await folders.write({ instanceId, address, user: null, stopped: false, init: null })
      return address
    }),
    create: (spec) => exclusively(spec.instanceId, async () => {
      const record = await folders.need(spec.instanceId)
      await furnish(folders.folder(spec.instanceId), spec)
      await powerOn(record, spec.user)
    }),
    start: (instanceId) => exclusively(instanceId, async () => {
      const record = await folders.need(instanceId)
      if (record.init && isAlive(record.init)) return record.address
      const address = await exclusively('ports', async () => {
        const used = (await folders.all()).map((other) => other.address.sshPort)
        const fresh = { ...record.address, hostName: hostname(), sshPort: await freePort(used) }
        await folders.write({ ...record, address: fresh, stopped: false })
        return fresh
      })
      await powerOn({ ...record, address, stopped: false }, userOf(record))
      return address
    }),
    stop: (instanceId) => exclusively(instanceId, async () => {
      const record = await folders.need(instanceId)
      await powerOff(record)
      await folders.write({ ...record, init: null, stopped: true })
    }),
    reboot: (instanceId) => exclusively(instanceId, async () => {
      const record = await folders.need(instanceId)
      await powerOff(record)
      await powerOn(record, userOf(record))
    }),
    destroy: (instanceId) => exclusively(instanceId, async () => {
      const record = await folders.read(instanceId)
      await endMachineProcesses(folders.folder(instanceId), record?.init ?? null)
      await folders.remove(instanceId)
      await exclusively('ports', () => folders.removeRoot())
    }),
    isUp: async (instanceId) => {
      const record = await folders.read(instanceId)
      return record?.init ? isAlive(record.init) : false
    },
    silence: async (instanceId) => {
      const record = await folders.read(instanceId)
      if (record?.init) signal(record.init, 'SIGSTOP')
    },
    console: (instanceId) => folders.console(instanceId),
    close: async ({ powerOff: off }) => {
      if (!off) return
      await Promise.all((await folders.all()).map(({ instanceId }) => exclusively(instanceId, async () => {
        const record = await folders.read(instanceId)
        if (!record) return
        await powerOff(record)
        await folders.write({ ...record, init: null, stopped: true })
      })))
    }
  }
}
