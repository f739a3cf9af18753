import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { appendFile, chmod, chown, lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MachineAddress, MachineSpec } from '../machines.ts'
import { machinePath } from './probe.ts'

/**
 * Where a machine's disk is inside its folder: the overlay's layers and the folders that replace this computer's own.
 */
export const diskOf = (folder: string): string => join(folder, 'disk')

/** Folders of the disk that stand for /home, /root, /tmp and /var/tmp, with their modes. */
const ownFolders = { home: 0o755, root: 0o700, tmp: 0o1777, 'var-tmp': 0o1777, upper: 0o755, work: 0o755 }

/**
 * Whether an overlay's upper layer can lie in this folder. It cannot where the folder itself is on an overlay, as in
 * most
 * containers.
 */
function upperWorksIn(folder: string): boolean {
  const scratch = join(folder, 'overlay-probe')
  for (const name of ['upper', 'work', 'root']) mkdirSync(join(scratch, name), { recursive: true })
  try {
    const script = 'cd "$1" && mount -t overlay probe -o lowerdir=/,upperdir=upper,workdir=work root'
    execFileSync('unshare', ['--mount', '/bin/sh', '-c', script, 'sh', scratch],
      { env: { PATH: machinePath }, stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Mount points of this computer that lie at or below this folder, deepest first. */
export function mountsBelow(folder: string): string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').flatMap((line) => {
    const point = line.split(' ')[4]?.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)))
    return point !== undefined && (point === folder || point.startsWith(`${folder}/`)) ? [point] : []
  })
  return points.toReversed()
}

/**
 * Makes the disk's empty folders. Returns a sentence when it had to be memory instead of the state directory: such a
 * disk
 * lives until the machine is destroyed or this computer restarts.
 */
export async function makeDisk(folder: string): Promise<string | null> {
  const disk = diskOf(folder)
  await mkdir(disk, { recursive: true, mode: 0o700 })
  const fits = upperWorksIn(folder)
  if (!fits) execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=700', 'rmada-practice', disk],
    { env: { PATH: machinePath } })
  for (const [name, mode] of Object.entries(ownFolders)) {
    await mkdir(join(disk, name), { recursive: true })
    await chmod(join(disk, name), mode)
  }
  return fits
    ? null : 'The state directory cannot hold overlay file systems, so the disks of practice machines are in memory.'
}

/** Unmounts a disk that is in memory. */
export function releaseDisk(folder: string): void {
  for (const point of mountsBelow(folder)) execFileSync('umount', ['-l', point],
    { env: { PATH: machinePath }, stdio: 'ignore' })
}

/** Makes a folder of this computer in the disk's upper layer with the same mode, so that the merged one keeps it. */
async function mirror(disk: string, path: string): Promise<void> {
  if (path !== '/') await mirror(disk, dirname(path))
  const copy = join(disk, 'upper', path)
  await mkdir(copy, { recursive: true })
  const original = await lstat(path).catch(() => null)
  await chmod(copy, original ? original.mode & 0o7777 : 0o755)
}

/** Writes a file of the machine while it is off; its folder is made like this computer's. */
async function put(disk: string, path: string, text: string, mode = 0o644): Promise<void> {
  await mirror(disk, dirname(path))
  await writeFile(join(disk, 'upper', path), text)
  await chmod(join(disk, 'upper', path), mode)
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

/** A file as the machine will see it: what an image brought, else this computer's. */
const seenIn = (disk: string, path: string): Promise<string> =>
  readFile(join(disk, 'upper', path), 'utf8').catch(() => textOf(path))

const sshdConfig = `Port 22
HostKey /etc/ssh/ssh_host_ed25519_key
HostKey /etc/ssh/ssh_host_ecdsa_key
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
# A cluster's set-up opens many connections at once.
MaxStartups 100
MaxSessions 100
SetEnv LANG=C.UTF-8
Subsystem sftp internal-sftp
`

/**
 * Machines share the cores of this computer, so ranks must neither be tied to cores that others use nor spin while they
 * wait; and MPI must talk over the machine's one cable.
 */
const openMpiParameters = `
hwloc_base_binding_policy = none
mpi_yield_when_idle = 1
oob_tcp_if_include = eth0
btl_tcp_if_include = eth0
`

/** The user with a free id of its own, added to this computer's accounts; all passwords are locked in the machine. */
async function addUser(disk: string, user: string): Promise<{ uid: number; home: string }> {
  const without = (text: string): string[] => text.split('\n').filter((line) => line && !line.startsWith(`${user}:`))
  const known = await seenIn(disk, '/etc/passwd')
  const accounts = without(known)
  const groups = without(await seenIn(disk, '/etc/group'))
  const ids = new Set([...accounts, ...groups].map((line) => Number(line.split(':')[2])))
  // The files of an image's user belong to the number that it had there.
  const before = known.split('\n').find((line) => line.startsWith(`${user}:`))
  let uid = before === undefined ? 1000 : Number(before.split(':')[2])
  while (ids.has(uid)) uid += 1
  const home = `/home/${user}`
  const account = `${user}:x:${uid}:${uid}:Practice user:${home}:/bin/bash`
  await put(disk, '/etc/passwd', `${[...accounts, account].join('\n')}\n`)
  await put(disk, '/etc/group', `${[...groups, `${user}:x:${uid}:`].join('\n')}\n`)
  const names = [...accounts.map((line) => line.split(':')[0]), user]
  await put(disk, '/etc/shadow', `${names.map((name) => `${name}:*:19000:0:99999:7:::`).join('\n')}\n`, 0o600)
  return { uid, home }
}

/** Puts the user, its keys, sshd, sudo, Open MPI and the user data on a new disk. */
export async function furnish(folder: string, spec: MachineSpec): Promise<void> {
  const disk = diskOf(folder)
  const { uid } = await addUser(disk, spec.user)
  const home = join(disk, 'home', spec.user)
  const ssh = join(home, '.ssh')
  await mkdir(ssh, { recursive: true })
  const files = { '.bashrc': await textOf('/etc/skel/.bashrc'), '.profile': await textOf('/etc/skel/.profile') }
  for (const [name, text] of Object.entries(files)) {
    if (!existsSync(join(home, name))) await writeFile(join(home, name), text)
  }
  // Added to what an image brings, as cloud-init does.
  await appendFile(join(ssh, 'authorized_keys'), spec.authorizedKeys.map((key) => `${key.trim()}\n`).join(''))
  await chmod(home, 0o700)
  await chmod(ssh, 0o700)
  await chmod(join(ssh, 'authorized_keys'), 0o600)
  for (const path of [home, ssh, join(ssh, 'authorized_keys'), ...Object.keys(files).map((name) => join(home, name))]) {
    await chown(path, uid, uid)
  }
  await put(disk, '/etc/ssh/sshd_config', sshdConfig)
  await put(disk, '/etc/sudoers.d/90-rmada-practice', `${spec.user} ALL=(ALL:ALL) NOPASSWD:ALL\n`, 0o440)
  await put(disk, '/etc/openmpi/openmpi-mca-params.conf',
    `${await textOf('/etc/openmpi/openmpi-mca-params.conf')}${openMpiParameters}`)
  await put(disk, '/etc/resolv.conf', '')
  await put(disk, '/etc/fstab', '')
  // Others than root see what sshfs mounted.
  await put(disk, '/etc/fuse.conf', 'user_allow_other\n')
  await put(disk, '/var/lib/rmada-practice/instance-id', `${spec.instanceId}\n`)
  if (spec.userData?.startsWith('#!')) await put(disk, '/var/lib/rmada-practice/user-data', spec.userData, 0o700)
}

const ownLineMark = '# this machine'

/** Writes the host name and the machine's own line in /etc/hosts; lines that others added stay. */
export async function nameMachine(folder: string, address: MachineAddress): Promise<void> {
  const disk = diskOf(folder)
  const hosts = await readFile(join(disk, 'upper/etc/hosts'), 'utf8')
    .catch(() => '127.0.0.1 localhost\n::1 localhost ip6-localhost\n')
  const others = hosts.split('\n').filter((line) => line && !line.endsWith(ownLineMark))
  const own = `${address.privateIp} ${address.hostName} ${ownLineMark}`
  await put(disk, '/etc/hosts', `${[...others, own].join('\n')}\n`)
  await put(disk, '/etc/hostname', `${address.hostName}\n`)
}

/** File systems of this computer below / that machines must see too: an overlay shows only the one it is over. */
export function submounts(): string[] {
  const shown = /^\/(usr|opt|lib|lib64|bin|sbin|srv|var)(\/|$)/
  return mountsBelow('').toReversed().filter((point) => {
    if (!shown.test(point) || point.startsWith('/var/tmp') || /[:,\\\n]/.test(point)) return false
    try {
      return statSync(point).isDirectory()
    } catch {
      return false
    }
  })
}
