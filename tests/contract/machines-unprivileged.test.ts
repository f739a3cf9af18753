import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { findLeftovers } from '../../app/main/practice/leftovers.ts'
import { createMachines } from '../../app/main/practice/machines/create.ts'
import type { MachineAddress } from '../../app/main/practice/machines/machines.ts'

const owner = fileURLToPath(new URL('./fixtures/machines-owner.ts', import.meta.url))
const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups']

/** Root can become somebody who may read this checkout and write nothing in it. */
const possible = process.platform === 'linux' && process.getuid?.() === 0
  && spawnSync('setpriv', [...nobody, process.execPath, '-e',
    `require('fs').readFileSync(${JSON.stringify(owner)})`]).status === 0

if (!possible) console.log('Skipped: only root on Linux can become a user who may read this checkout but not write in it.')

it.runIf(possible)('machines without privilege work for a user who cannot write in the checkout', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rmada-nobody-'))
  await chmod(folder, 0o755)
  const theirs = join(folder, 'theirs')
  await mkdir(theirs)
  await chown(theirs, 65534, 65534)
  const key = join(folder, 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const state = join(theirs, 'state')
  const publicKey = await readFile(`${key}.pub`, 'utf8')
  const child = spawn('setpriv', [...nobody, process.execPath, owner, 'processes', state, publicKey], {
    cwd: theirs, env: { ...process.env, HOME: theirs }, stdio: ['ignore', 'pipe', 'inherit']
  })
  const address = await new Promise<MachineAddress>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(JSON.parse(data.toString()) as MachineAddress))
    child.once('exit', () => reject(new Error('the owner ended')))
  })
  const heir = createMachines('processes', { stateDirectory: state, log: () => undefined })
  const hostKey = /BEGIN SSH HOST KEY KEYS-----\n(\S+ \S+)/.exec(await heir.console('i-0e5'))?.[1]
  const knownHosts = join(folder, 'known_hosts')
  execFileSync('sh', ['-c', 'printf "%s\\n" "$1" >"$2"', 'sh', `[127.0.0.1]:${address.sshPort} ${hostKey}`, knownHosts])
  const out = execFileSync('ssh', [
    '-F', '/dev/null', '-tt', '-i', key, '-p', String(address.sshPort), '-o', 'BatchMode=yes', '-o',
    'StrictHostKeyChecking=yes',
    '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'LogLevel=ERROR', 'ec2-user@127.0.0.1',
    'id -u; test -t 0 && echo terminal; touch mine; echo "${OMPI_ALLOW_RUN_AS_ROOT:-not root}"'
  ], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  expect(out.replaceAll('\r', '')).toBe('65534\nterminal\nnot root\n')
  expect((await stat(join(state, 'machines/i-0e5/home/mine'))).uid).toBe(65534)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  await heir.destroy('i-0e5')
  expect(await findLeftovers(state)).toEqual([])
  await rm(folder, { recursive: true, force: true })
})
