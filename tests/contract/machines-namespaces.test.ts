import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findLeftovers } from '../../app/main/practice/leftovers.ts'
import { chooseBackend, createMachines } from '../../app/main/practice/machines/create.ts'
import type { MachineAddress, Machines } from '../../app/main/practice/machines/machines.ts'

const keysBlock = /BEGIN SSH HOST KEY KEYS-----\n([^]*?)-----END/

/** What only machines in namespaces promise: a computer of their own to look at, and MPI from one to the other. */
describe.runIf(chooseBackend('namespaces').available)('machines in namespaces', () => {
  const ids = ['i-1', 'i-2', 'i-3']
  let folder: string
  let secrets: string
  let machines: Machines
  let keyFile: string
  let addresses: MachineAddress[]
  let bootMs: number

  /** Runs a command on a machine with OpenSSH's client; the host keys of all machines are pinned. */
  const on = (index: number, command: string, input = ''): Promise<string> => new Promise((resolve, reject) => {
    const child = execFile('ssh', [
      '-F', '/dev/null', '-i', keyFile, '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o',
      'LogLevel=ERROR',
      '-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`, `ec2-user@${addresses[index]?.publicIp}`, command
    ], { timeout: 50_000 }, (error, out) => error ? reject(error) : resolve(out))
    child.stdin?.end(input)
  })

  async function knownHosts(): Promise<string> {
    const lines = await Promise.all(ids.map(async (id, index) => {
      const keys = keysBlock.exec(await machines.console(id))?.[1]?.trim().split('\n') ?? []
      return keys.map((key) => `${addresses[index]?.privateIp},${addresses[index]?.hostName} ${key}\n`).join('')
    }))
    return lines.join('')
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rmada-namespaces-'))
    secrets = await mkdtemp('/var/lib/rmada-test-')
    await writeFile(join(secrets, 'secret'), 'not for machines')
    const before = process.env['RMADA_DATA_DIR']
    process.env['RMADA_DATA_DIR'] = secrets
    keyFile = join(folder, 'key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile])
    const key = await readFile(`${keyFile}.pub`, 'utf8')
    machines = createMachines('namespaces', { stateDirectory: join(secrets, 'practice'), log: () => undefined })
    const started = performance.now()
    addresses = await Promise.all(ids.map((id) => machines.reserve(id)))
    await Promise.all(ids.map((instanceId) =>
      machines.create({ instanceId, user: 'ec2-user', authorizedKeys: [key], userData: null, vcpus: 2 })))
    bootMs = performance.now() - started
    await writeFile(join(folder, 'known_hosts'), await knownHosts())
    if (before === undefined) delete process.env['RMADA_DATA_DIR']
    else process.env['RMADA_DATA_DIR'] = before
  })
  afterAll(async () => {
    for (const id of ids) await machines.destroy(id)
    for (const path of [folder, secrets]) await rm(path, { recursive: true, force: true })
  })

  it('have host names by their addresses, and addresses that this computer did not use', () => {
    for (const { hostName, privateIp } of addresses) expect(hostName).toBe(`ip-${privateIp.replaceAll('.', '-')}`)
    expect(new Set(addresses.map(({ privateIp }) => privateIp)).size).toBe(3)
  })

  // 1.2 s alone on two cores; the limit leaves room for other tests at the same time.
  it('boot within seconds, all at once', () => expect(bootMs).toBeLessThan(8_000))

  it('show neither this computer\'s homes, temporary files and host keys nor the manager\'s data', async () => {
    expect(await on(0, 'ls /home; sudo ls -A /root /tmp /var/tmp')).toBe('ec2-user\n/root:\n\n/tmp:\n\n/var/tmp:\n')
    expect(await on(0, `sudo ls -A ${secrets}`)).toBe('')
    expect(existsSync(join(secrets, 'secret'))).toBe(true)
    expect(await on(0, 'ls /etc/ssh/ssh_host_*_key | wc -l; sudo grep -vc ":\\*:" /etc/shadow; true')).toBe('2\n0\n')
    expect(await on(0, 'ls /dev | tr "\\n" " "'))
      .toBe('disk fd full fuse null ptmx pts random shm stderr stdin stdout tty urandom zero ')
  })

  it('have processes and network devices of their own, and init buries orphans', async () => {
    expect((await on(0, 'ip -o link | wc -l; ps -p 1 -o args=')).trim()).toBe('2\n/bin/sh /run/rmada-practice-init')
    await on(0, 'setsid sh -c "sleep 0.1 & exec true" </dev/null >/dev/null 2>&1; sleep 0.4')
    expect((await on(0, 'ps -eo stat= | grep -c Z; true')).trim()).toBe('0')
  })

  it('let ec2-user be root inside, where changes stay inside', async () => {
    const accounts = await readFile('/etc/passwd', 'utf8')
    const changes = 'echo changed >>/etc/hosts; useradd stranger; touch /usr/bin/rmada-stranger; id -u'
    expect(await on(1, `sudo sh -c "${changes}"`)).toBe('0\n')
    expect(await on(1, 'tail -1 /etc/hosts; id -un stranger')).toBe('changed\nstranger\n')
    expect(await readFile('/etc/passwd', 'utf8')).toBe(accounts)
    expect(existsSync('/usr/bin/rmada-stranger')).toBe(false)
    expect(await readFile('/etc/hosts', 'utf8')).not.toContain('changed')
    expect(await on(1, 'sudo mknod /tmp/disk b 7 0 2>&1 || echo refused')).toContain('refused')
    expect(await on(1, 'sudo sh -c "echo 1 >/proc/sys/kernel/panic" 2>&1 || echo refused')).toContain('refused')
  })

  it('run Open MPI over ssh, and Rmpi slaves on the other hosts', async () => {
    const publicKey = await on(0, 'ssh-keygen -q -t ed25519 -N "" -f .ssh/id_ed25519 && cat .ssh/id_ed25519.pub')
    await Promise.all(ids.map((_, index) => on(index, 'cat >>.ssh/authorized_keys', publicKey)))
    await on(0, 'cat >.ssh/known_hosts', await knownHosts())
    await on(0, 'cat >hosts', addresses.map(({ privateIp }) => `${privateIp} slots=2\n`).join(''))
    const names = addresses.map(({ hostName }) => hostName)
    const ranks = (await on(0, 'mpirun --hostfile hosts hostname')).trim().split('\n')
    expect(ranks.toSorted()).toEqual([...names, ...names].toSorted())
    await on(0, 'cat >slaves.R', [
      'suppressMessages(library(Rmpi))', 'mpi.spawn.Rslaves(nslaves = 5, quiet = TRUE)',
      'cat(unlist(mpi.remote.exec(Sys.info()[["nodename"]])), sep = "\\n")', 'invisible(mpi.close.Rslaves())',
      'mpi.quit()'
    ].join('\n'))
    const slaves = (await on(0, 'mpirun -np 1 --hostfile hosts Rscript slaves.R 2>/dev/null')).match(/^ip-\S+$/gm) ?? []
    expect(slaves.toSorted()).toEqual([...names, ...names].toSorted().slice(1))
  })

  it('have disks in memory where the state directory lies on an overlay, and leave nothing then either', async () => {
    const base = await mkdtemp(join(tmpdir(), 'rmada-overlay-'))
    for (const name of ['upper', 'work', 'merged']) await mkdir(join(base, name))
    await chmod(base, 0o755)
    const options = `lowerdir=/usr/share/doc,upperdir=${base}/upper,workdir=${base}/work`
    execFileSync('mount', ['-t', 'overlay', 'test', '-o', options, join(base, 'merged')])
    try {
      const state = join(base, 'merged/state')
      const warnings: string[] = []
      const other = createMachines('namespaces',
        { stateDirectory: state, log: (_level, message) => { warnings.push(message) } })
      const address = await other.reserve('i-9')
      expect(addresses.map(({ privateIp }) => privateIp.split('.')[2])).not.toContain(address.privateIp.split('.')[2])
      await other.create({ instanceId: 'i-9', user: 'ec2-user', authorizedKeys: [],
        userData: '#!/bin/sh\ntouch /kept\n', vcpus: 1 })
      expect(warnings).toEqual([expect.stringContaining('in memory')])
      await expect.poll(() => existsSync(join(state, 'machines/i-9/disk/upper/kept'))).toBe(true)
      await other.stop('i-9')
      await other.start('i-9')
      expect(existsSync(join(state, 'machines/i-9/disk/upper/kept'))).toBe(true)
      await other.destroy('i-9')
      expect(await findLeftovers(state)).toEqual([])
    } finally {
      execFileSync('umount', [join(base, 'merged')])
      await rm(base, { recursive: true, force: true })
    }
  })

  it('leave nothing when they are destroyed', async () => {
    await Promise.all(ids.map((id) => machines.destroy(id)))
    expect(await findLeftovers(join(secrets, 'practice'))).toEqual([])
  })
})
