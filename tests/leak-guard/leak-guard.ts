import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findByEnvironment, identify, signal } from '../../app/main/practice/machines/host-processes.ts'
import { loopDevices } from '../../app/main/practice/machines/namespaces/volumes.ts'

/** Every process that a guarded test file starts inherits this variable. */
const marker = 'RMADA_LEAK_GUARD'
const temporaryPrefix = 'rmada-guard-'

const text = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
const link = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
const names = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Sockets on which this very process listens, by inode, in words. */
function listening(): Map<string, string> {
  const sockets = new Map<string, string>()
  const own = new Set(names('/proc/self/fd').map((fd) => /^socket:\[(\d+)\]$/.exec(link(`/proc/self/fd/${fd}`))?.[1]))
  for (const table of ['tcp', 'tcp6']) {
    for (const line of text(`/proc/self/net/${table}`).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      const inode = fields[9] ?? ''
      const port = parseInt(fields[1]?.split(':').at(-1) ?? '', 16)
      if (fields[3] === '0A' && own.has(inode)) sockets.set(inode, `socket listening on tcp port ${port}`)
    }
  }
  for (const line of text('/proc/self/net/unix').split('\n').slice(1)) {
    const [, , , flags, , , inode = '', path = 'without a name'] = line.trim().split(/\s+/)
    if (flags === '00010000' && own.has(inode)) sockets.set(inode, `socket listening at ${path}`)
  }
  return sockets
}

interface Mount { readonly id: string; readonly point: string; readonly kind: string }

function mounts(): Mount[] {
  return text('/proc/self/mountinfo').split('\n').flatMap((line) => {
    const fields = line.split(' ')
    const kind = fields[fields.indexOf('-') + 1]
    return fields[4] === undefined || kind === undefined ? [] : [{ id: fields[0] ?? '', point: fields[4], kind }]
  })
}

const aliasOf = (device: string): string => text(`/sys/class/net/${device}/ifalias`).trim()

/**
 * Watches one test file on Linux: what it started, mounted or opened and did not end is a leak. Its processes are known
 * by a variable that they inherit; its mounts and network devices by being new and in its own temporary folder (which
 * TMPDIR is while the guard is on) or in no other guarded file's, so that files can run side by side.
 */
export function startLeakGuard() {
  const id = randomBytes(8).toString('hex')
  const outerTmp = process.env['TMPDIR']
  const base = tmpdir()
  const temporary = mkdtempSync(join(base, temporaryPrefix))
  // Tests give folders below to other users; what they make there is private by its own mode.
  chmodSync(temporary, 0o755)
  process.env[marker] = id
  process.env['TMPDIR'] = temporary
  const before = {
    sockets: listening(),
    mounts: new Set(mounts().map((mount) => mount.id)),
    devices: new Set(names('/sys/class/net'))
  }
  const others = join(base, temporaryPrefix)
  const isOurs = (path: string): boolean => path.startsWith(temporary) || !path.includes(others)

  const leakedMounts = (): Mount[] => mounts().filter(({ id: mountId, point, kind }) =>
    !before.mounts.has(mountId) && (point.startsWith(temporary) || (kind === 'nsfs' && isOurs(point))))
  const leakedDevices = (): string[] => names('/sys/class/net').filter((device) => {
    if (before.devices.has(device)) return false
    const alias = aliasOf(device)
    return alias.includes(temporary) || (device.startsWith('rmada') && alias === '')
  })

  const leakedLoops = (): [string, string][] => process.platform === 'linux'
    ? [...loopDevices()].filter(([, file]) => file.startsWith(temporary)) : []

  function leaks(): string[] {
    const found: string[] = []
    for (const pid of findByEnvironment(marker, id)) {
      found.push(`process ${pid}: ${text(`/proc/${pid}/cmdline`).replaceAll(/[\0\s]+/g, ' ').trim().slice(0, 100)}`)
      for (const kind of ['net', 'mnt', 'pid', 'uts']) {
        const namespace = link(`/proc/${pid}/ns/${kind}`)
        const foreign = namespace !== '' && namespace !== link(`/proc/self/ns/${kind}`)
        if (foreign) found.push(`namespace ${namespace} held by process ${pid}`)
      }
    }
    for (const [inode, words] of listening()) if (!before.sockets.has(inode)) found.push(words)
    found.push(...leakedMounts().map(({ point, kind }) => kind === 'nsfs' ? `namespace mounted at ${point}`
      : `mount ${point}`))
    found.push(...leakedDevices().map((device) => `network device ${device} (${aliasOf(device)})`))
    found.push(...leakedLoops().map(([device, file]) => `loop device ${device} of ${file}`))
    return found
  }

  /** Ends what is left, so that one bad file does not spoil the machine or the next file. */
  function clear(): void {
    for (const pid of findByEnvironment(marker, id)) {
      const identity = identify(pid)
      if (identity) signal(identity, 'SIGKILL')
    }
    for (const { point } of leakedMounts().toReversed()) execFileSync('umount', ['-l', point], { stdio: 'ignore' })
    for (const [device] of leakedLoops()) execFileSync('losetup', ['--detach', device], { stdio: 'ignore' })
    for (const device of leakedDevices()) execFileSync('ip', ['link', 'del', device], { stdio: 'ignore' })
  }

  return {
    /** What is left after `graceMs`, within which a process may still be on its way out; nothing of it remains then. */
    async finish(graceMs = 2_000): Promise<string[]> {
      const deadline = performance.now() + graceMs
      let found = leaks()
      // Twice nothing: a process shows no environment at the very moment in which it becomes another program.
      for (let clean = found.length === 0 ? 1 : 0; clean < 2 && performance.now() < deadline;) {
        await sleep(50)
        found = leaks()
        clean = found.length === 0 ? clean + 1 : 0
      }
      if (found.length > 0) clear()
      delete process.env[marker]
      if (outerTmp === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = outerTmp
      rmSync(temporary, { recursive: true, force: true, maxRetries: 5 })
      return found
    }
  }
}
