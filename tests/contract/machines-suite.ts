import { execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findLeftovers } from '../../app/main/practice/leftovers.ts'
import { createMachines } from '../../app/main/practice/machines/create.ts'
import type { Backend, MachineAddress, Machines } from '../../app/main/practice/machines/machines.ts'

interface Outcome { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs a program to its end with this standard input. */
function run(program: string, args: readonly string[], input: string | Buffer = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { encoding: 'latin1', maxBuffer: 64 << 20, timeout: 40_000 },
      (_error, out, err) =>
      resolve({ code: child.exitCode, out, err }))
    child.once('error', reject)
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex')

/** OpenSSH's clients against one machine, its host keys pinned from the console before the first byte. */
async function openSsh(folder: string, machines: Machines, id: string, address: MachineAddress, key: string) {
  const console = await machines.console(id)
  const block = console.split('-----BEGIN SSH HOST KEY KEYS-----').at(-1)?.split('-----END SSH HOST KEY KEYS-----')[0]
    ?? ''
  const hostKeys = block.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  const knownHosts = join(folder, `known-hosts-${id}-${randomBytes(3).toString('hex')}`)
  const name = address.sshPort === 22 ? address.publicIp : `[${address.publicIp}]:${address.sshPort}`
  await writeFile(knownHosts, hostKeys.map((line) => `${name} ${line.split(' ').slice(0, 2).join(' ')}\n`).join(''))
  const options = [
    '-F', '/dev/null', '-i', key, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes',
    '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'GlobalKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o',
    'ConnectTimeout=10'
  ]
  const target = `ec2-user@${address.publicIp}`
  return {
    hostKeys,
    args: [...options, '-p', String(address.sshPort), target],
    exec: (command: string, input: string | Buffer = '') =>
      run('ssh', [...options, '-p', String(address.sshPort), target, command], input),
    terminal: (command: string) => run('ssh', ['-tt', ...options, '-p', String(address.sshPort), target, command]),
    sftp: (batch: string) => run('sftp', ['-q', '-b', '-', ...options, '-P', String(address.sshPort), target], batch)
  }
}

/** The same machines through the library that the manager uses; ends with the call. */
function withSsh2<Result>(
  address: MachineAddress, hostKeys: readonly string[], privateKey: string, use: (client: ssh2.Client) =>
    Promise<Result>
): Promise<Result> {
  const pinned = hostKeys.map((line) => line.split(' ')[1])
  const client = new ssh2.Client()
  return new Promise<Result>((resolve, reject) => {
    client.once('error', reject)
    client.once('ready', () => {
      use(client).then(resolve, reject).finally(() => client.end())
    })
    client.connect({
      host: address.publicIp, port: address.sshPort, username: 'ec2-user', privateKey,
      hostVerifier: (key: Buffer) => pinned.includes(key.toString('base64'))
    })
  })
}

const ownerProgram = fileURLToPath(new URL('./fixtures/machines-owner.ts', import.meta.url))

/** What every backend with machines must do, seen by foreign clients; skipped where this computer lacks the backend. */
export function machinesSuite(backend: Backend, available: boolean): void {
  describe.runIf(available)(`machines of the backend ${backend}`, () => {
    const ids = ['i-0a1', 'i-0b2', 'i-0c3']
    const [first, second, third] = ids as [string, string, string]
    const log = (): void => undefined
    let folder: string
    let state: string
    let machines: Machines
    let keyFile: string
    let publicKey: string
    let privateKey: string
    const addresses = new Map<string, MachineAddress>()
    const address = (id: string): MachineAddress => {
      const known = addresses.get(id)
      if (!known) throw new Error(`${id} was not reserved`)
      return known
    }
    const ssh = (id: string) => openSsh(folder, machines, id, address(id), keyFile)
    const library = <Result>(hostKeys: readonly string[], use: (client: ssh2.Client) => Promise<Result>) =>
      withSsh2(address(first), hostKeys, privateKey, use)
    const spec = (instanceId: string, userData: string | null = null) =>
      ({ instanceId, user: 'ec2-user', authorizedKeys: [publicKey], userData, vcpus: 2 })

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rmada-machines-'))
      state = join(folder, 'state, with a comma')
      keyFile = join(folder, 'key')
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile])
      publicKey = await readFile(`${keyFile}.pub`, 'utf8')
      privateKey = await readFile(keyFile, 'utf8')
      machines = createMachines(backend, { stateDirectory: state, log })
      for (const id of ids) addresses.set(id, await machines.reserve(id))
      const userData = '#!/bin/sh\necho "user data says $((40 + 2))"\n'
      await Promise.all(ids.map((id) => machines.create(spec(id, userData))))
    })
    afterAll(async () => {
      for (const id of ids) await machines.destroy(id)
      const left = await findLeftovers(state)
      await rm(folder, { recursive: true, force: true })
      expect(left).toEqual([])
    })

    it('gives every machine an address of its own and host keys of its own', async () => {
      const keys = await Promise.all(ids.map(async (id) => (await ssh(id)).hostKeys))
      for (const key of keys.flat()) expect(key).toMatch(/^(ssh-ed25519|ecdsa-sha2-nistp256) [A-Za-z0-9+/=]+ /)
      expect(keys.every((list) => list.some((key) => key.startsWith('ssh-ed25519 ')))).toBe(true)
      expect(new Set(keys.flat()).size).toBe(keys.flat().length)
      expect(new Set(ids.map((id) => `${address(id).privateIp}:${address(id).sshPort}`)).size).toBe(3)
      for (const id of ids) {
        expect(await machines.isUp(id)).toBe(true)
        expect((await (await ssh(id)).exec('hostname')).out.trim()).toBe(address(id).hostName)
      }
    })

    it('runs commands as ec2-user in its home, with exit codes, signals and both outputs', async () => {
      const { exec } = await ssh(first)
      expect(await exec('echo out; echo err >&2; exit 7')).toEqual({ code: 7, out: 'out\n', err: 'err\n' })
      expect((await exec('kill -9 $$')).code).not.toBe(0)
      expect((await exec('echo "$USER"; [ "$PWD" = "$HOME" ] && [ -w "$HOME" ] && echo mine')).out)
        .toBe('ec2-user\nmine\n')
      expect((await exec('command -v R mpirun | wc -l')).out.trim()).toBe('2')
      const environment = (await exec('env')).out
      expect(environment.includes('RMADA_SHARED_HOST=1')).toBe(backend === 'processes')
      expect(environment).not.toMatch(/AWS_|VITEST/)
    })

    it('feeds standard input byte by byte and returns it', async () => {
      const data = randomBytes(3_000_000)
      const { out } = await (await ssh(first)).exec('cat', data)
      expect(digest(Buffer.from(out, 'latin1'))).toBe(digest(data))
    })

    it('opens a terminal when one is asked for, of the size asked for and changed later', async () => {
      const { terminal, hostKeys } = await ssh(first)
      const outcome = await terminal('[ -t 0 ] && [ -t 1 ] && tty; exit 3')
      expect(outcome.code).toBe(3)
      expect(outcome.out).toMatch(/^\/dev\/(pts\/|tty)/)
      const text = await library(hostKeys, (client) => new Promise<string>((resolve, reject) => {
        client.shell({ rows: 31, cols: 97, term: 'xterm' }, (error, stream) => {
          if (error) { reject(error); return }
          let all = ''
          let asked = false
          stream.on('data', (data: Buffer) => {
            all += data.toString()
            if (all.includes('31 97') && !asked) {
              asked = true
              stream.setWindow(40, 120, 0, 0)
              setTimeout(() => stream.write('stty size; exit\n'), 300)
            }
          })
          stream.on('close', () => resolve(all))
          stream.write('stty size\n')
        })
      }))
      expect(text).toContain('31 97')
      expect(text).toContain('40 120')
    })

    it('refuses other keys, other users and passwords', async () => {
      const other = join(folder, 'other')
      if (!existsSync(other)) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other])
      const { args } = await ssh(first)
      const wrongKey = await run('ssh', [...args.map((arg) => arg === keyFile ? other : arg), 'true'])
      expect(wrongKey.code).toBe(255)
      expect(wrongKey.err).toMatch(/Permission denied \(publickey\)/)
      const wrongUser = await run('ssh', [...args.map((arg) => arg.replace('ec2-user@', 'root@')), 'true'])
      expect(wrongUser.err).toMatch(/Permission denied \(publickey\)/)
    })

    it('refuses a client that pinned another machine\'s key', async () => {
      const { args } = await openSsh(folder, machines, second, address(first), keyFile)
      const outcome = await run('ssh', [...args, 'true'])
      expect(outcome.code).toBe(255)
      expect(outcome.err).toMatch(/host key/i)
    })

    it('reads authorized_keys at every login', async () => {
      const late = join(folder, 'late')
      if (!existsSync(late)) await run('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', late])
      const { args, exec } = await ssh(second)
      const login = () => run('ssh', [...args.map((arg) => arg === keyFile ? late : arg), 'echo in'])
      expect((await login()).code).toBe(255)
      await exec('cat >> .ssh/authorized_keys', await readFile(`${late}.pub`))
      expect((await login()).out).toBe('in\n')
    })

    it('carries files there and back by sftp, with names, modes, links and folders', async () => {
      const data = randomBytes(2_000_000)
      const source = join(folder, 'source')
      const back = join(folder, 'back')
      await writeFile(source, data)
      const { sftp, exec, hostKeys } = await ssh(first)
      const outcome = await sftp([
        `put "${source}" up`, 'mkdir box', 'rename up "box/in it"', 'chmod 640 "box/in it"',
          'symlink "box/in it" short',
        `get short "${back}"`, 'ls -l box', ''
      ].join('\n'))
      expect(outcome).toMatchObject({ code: 0, err: '' })
      expect(digest(await readFile(back))).toBe(digest(data))
      expect(outcome.out).toMatch(/-rw-r-----.* 2000000 .*in it/)
      expect((await exec('readlink short')).out).toBe('box/in it\n')
      expect((await sftp('get nowhere\n')).code).not.toBe(0)
      const size = await library(hostKeys, (client) => new Promise<number>((resolve, reject) => {
        client.sftp((error, session) => {
          if (error) { reject(error); return }
          session.writeFile('note', 'from ssh2', { mode: 0o600 }, (failed) => {
            if (failed) { reject(failed); return }
            session.stat('note', (missing, stats) => missing ? reject(missing) : resolve(stats.size))
          })
        })
      }))
      expect(size).toBe(9)
      expect((await sftp('rm "box/in it"\nrmdir box\nrm short\nrm note\n')).code).toBe(0)
    })

    it('forwards to its loopback, byte by byte both ways, each direction ending by itself', async () => {
      const { args, hostKeys, exec } = await ssh(first)
      // The server reads all until the client's end, and only then answers: a forward that ends both ways would lose
      // it.
      const program = [
        'import socket,hashlib', 's=socket.create_server(("127.0.0.1",0))', 'print(s.getsockname()[1],flush=True)',
        'for _ in range(2):', ' c,_=s.accept()', ' h=b""', ' while (d:=c.recv(65536)): h+=d',
        ' c.sendall(hashlib.sha256(h).hexdigest().encode()+h[::-1])', ' c.close()'
      ].join('\n')
      await exec('cat > server.py', program)
      const server = spawn('ssh', [...args, '/usr/bin/python3 server.py'], { stdio: ['ignore', 'pipe', 'inherit'] })
      const port = Number(await new Promise<string>((resolve) =>
        server.stdout.once('data', (data: Buffer) => resolve(data.toString()))))
      const data = randomBytes(4_000_000)
      const expected = digest(data) + Buffer.from(data.toReversed()).toString('latin1')

      const viaLibrary = await library(hostKeys, (client) => new Promise<string>((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, (error, channel) => {
          if (error) { reject(error); return }
          const chunks: Buffer[] = []
          channel.on('data', (chunk: Buffer) => chunks.push(chunk))
          channel.on('end', () => resolve(Buffer.concat(chunks).toString('latin1')))
          channel.end(data)
        })
      }))
      expect(viaLibrary === expected).toBe(true)

      const local = createServer()
      await new Promise<void>((resolve) => local.listen(0, '127.0.0.1', resolve))
      const localPort = (local.address() as AddressInfo).port
      await new Promise((resolve) => local.close(resolve))
      const tunnel = spawn('ssh', ['-N', '-L', `127.0.0.1:${localPort}:127.0.0.1:${port}`, '-o',
        'ExitOnForwardFailure=yes', ...args])
      const viaOpenSsh = await new Promise<string>((resolve, reject) => {
        const attempt = (left: number): void => {
          const chunks: Buffer[] = []
          const socket = connect({ host: '127.0.0.1', port: localPort, allowHalfOpen: true })
          socket.once('error', (error) => left > 0 ? setTimeout(() => attempt(left - 1), 50) : reject(error))
          socket.once('connect', () => socket.end(data))
          socket.on('data', (chunk) => chunks.push(chunk))
          socket.on('end', () => resolve(Buffer.concat(chunks).toString('latin1')))
        }
        attempt(100)
      })
      expect(viaOpenSsh === expected).toBe(true)
      for (const child of [tunnel, server]) {
        const ended = new Promise((resolve) => child.exitCode === null ? child.once('exit', resolve) : resolve(null))
        child.kill()
        await ended
      }
      await exec('rm server.py')
    })

    it('refuses a forward where nobody listens', async () => {
      const { hostKeys } = await ssh(first)
      await expect(withSsh2(address(first), hostKeys, privateKey, (client) => new Promise((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, '127.0.0.1', 1, (error, channel) => error ? reject(error) : resolve(channel))
      }))).rejects.toThrow(/Channel open failure/)
    })

    it('reboots with its disk, its address and its host keys, and without its processes', async () => {
      const { exec, hostKeys } = await ssh(first)
      const beforeBoot = address(first)
      await exec('echo kept > kept; setsid sh -c "exec sleep 4711" </dev/null >/dev/null 2>&1 &')
      await exec('nohup env -i sleep 4712 >/dev/null 2>&1 </dev/null &')
      expect((await exec('pgrep -f "^sleep 471[12]" | wc -l')).out.trim()).toBe('2')
      await machines.reboot(first)
      expect(await machines.isUp(first)).toBe(true)
      const after = await ssh(first)
      expect(after.hostKeys).toEqual(hostKeys)
      expect(address(first)).toEqual(beforeBoot)
      expect((await after.exec('cat kept; pgrep -f "^sleep 471[12]" | wc -l')).out.replaceAll(' ', ''))
        .toBe('kept\n0\n')
      expect(await machines.isUp(second)).toBe(true)
    })

    it('ran the user data once, at the first boot', async () => {
      expect((await machines.console(first)).match(/user data says 42/g)).toHaveLength(1)
    })

    it('stops and starts with its disk', async () => {
      await (await ssh(second)).exec('echo kept > kept')
      await machines.stop(second)
      expect(await machines.isUp(second)).toBe(false)
      const fresh = await machines.start(second)
      expect(fresh.privateIp !== address(second).privateIp).toBe(backend === 'namespaces')
      addresses.set(second, fresh)
      expect(await machines.isUp(second)).toBe(true)
      const { exec } = await ssh(second)
      expect((await exec('cat kept; hostname')).out).toBe(`kept\n${fresh.hostName}\n`)
    })

    it('destroys a machine without a trace, as often as asked, and one that never booted', async () => {
      await machines.destroy(third)
      await machines.destroy(third)
      expect(await machines.isUp(third)).toBe(false)
      expect((await findLeftovers(state)).filter((line) => line.includes(third))).toEqual([])
      await machines.reserve('i-0d4')
      await machines.destroy('i-0d4')
      expect((await findLeftovers(state)).filter((line) => line.includes('i-0d4'))).toEqual([])
    })

    it('makes images of running machines that others boot from, also when the first is gone', async () => {
      const kin = ['i-0f6', 'i-0f7', 'i-0f8'] as const
      const boot = async (id: string, imageId: string | null) => {
        addresses.set(id, await machines.reserve(id))
        await machines.create({ ...spec(id), imageId })
        return ssh(id)
      }
      try {
        const source = await boot(kin[0], null)
        // Below the home always; where a machine has a system of its own, there too, with what was removed from it.
        const system = backend === 'namespaces'
        const asked = await source.exec('mkdir -p deep/er && echo kept > deep/er/file && chmod 640 deep/er/file && '
          + `ln -s deep link && mkfifo pipe; ${system
            ? 'echo own | sudo tee /opt/own >/dev/null && sudo rm -rf /usr/share/misc && sudo useradd -u 4321 ana' : ':'}`)
        expect(asked).toMatchObject({ code: 0 })
        await machines.images.capture(kin[0], 'ami-0f6')
        await source.exec('echo later > deep/er/file')
        await machines.destroy(kin[0])

        const first = await boot(kin[1], 'ami-0f6')
        expect((await first.exec('cat link/er/file; stat -c %a deep/er/file; whoami; id -u; stat -c %u deep')).out)
          .toMatch(/^kept\n640\n(\w[\w-]*)\n(\d+)\n\2\n$/)
        if (system) {
          // oxlint-disable-next-line vitest/no-conditional-expect -- a process has no system of its own to look at
          expect((await first.exec('cat /opt/own; ls /usr/share/misc 2>&1; id -u ana; hostname')).out).toMatch(
            new RegExp(`^own\\n.*No such file or directory\\n4321\\n${address(kin[1]).hostName}\\n$`))
        }
        expect(first.hostKeys.some((key) => source.hostKeys.includes(key))).toBe(false)

        await first.exec('echo second > more')
        await machines.images.capture(kin[1], 'ami-0f7')
        const second = await boot(kin[2], 'ami-0f7')
        expect((await second.exec('cat deep/er/file more')).out).toBe('kept\nsecond\n')
        expect((await findLeftovers(state)).filter((line) => line.startsWith('image '))).toHaveLength(2)
      } finally {
        for (const id of kin) await machines.destroy(id)
        for (const id of ['ami-0f6', 'ami-0f7', 'ami-0f7']) await machines.images.remove(id)
      }
      expect((await findLeftovers(state)).filter((line) => line.startsWith('image '))).toEqual([])
      await expect(machines.images.capture('i-0ff', 'ami-0ff')).rejects.toThrow('no machine')
    })

    it('is adopted by the next owner of its state directory after the first was killed', async () => {
      const other = join(folder, 'adopted')
      const owner = spawn(process.execPath, [ownerProgram, backend, other, publicKey],
        { stdio: ['ignore', 'pipe', 'inherit'] })
      const line = await new Promise<string>((resolve, reject) => {
        owner.stdout.once('data', (data: Buffer) => resolve(data.toString()))
        owner.once('exit', () => reject(new Error('the owner ended')))
      })
      const where = JSON.parse(line) as MachineAddress
      const ended = new Promise((resolve) => owner.once('exit', resolve))
      owner.kill('SIGKILL')
      await ended
      const heir = createMachines(backend, { stateDirectory: other, log })
      expect(await heir.isUp('i-0e5')).toBe(true)
      // Two practice clouds are up at this moment, and neither sees the other's machines.
      expect(await machines.isUp('i-0e5')).toBe(false)
      expect(`${where.privateIp}:${where.sshPort}`).not.toBe(`${address(first).privateIp}:${address(first).sshPort}`)
      await (await openSsh(folder, heir, 'i-0e5', where, keyFile)).exec('echo kept > kept')
      await heir.reboot('i-0e5')
      expect((await (await openSsh(folder, heir, 'i-0e5', where, keyFile)).exec('cat kept')).out).toBe('kept\n')
      await heir.close({ powerOff: true })
      expect(await heir.isUp('i-0e5')).toBe(false)
      const again = await heir.start('i-0e5')
      expect((await (await openSsh(folder, heir, 'i-0e5', again, keyFile)).exec('cat kept')).out).toBe('kept\n')
      expect((await findLeftovers(other)).length).toBeGreaterThan(0)
      await heir.destroy('i-0e5')
      expect(await findLeftovers(other)).toEqual([])
      expect(await machines.isUp(first)).toBe(true)
    })
  })
}
