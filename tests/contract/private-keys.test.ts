import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import { privateKeys } from '../../app/main/adapters/ssh2/private-keys.ts'
import { createSsh } from '../../app/main/adapters/ssh2/ssh.ts'
import { makeKeyPair as makeAsAws } from '../../app/main/practice/endpoint/public-key.ts'
import { startOpenSsh } from './fixtures/openssh.ts'
import type { SshTarget } from '../../app/main/core/ports/index.ts'
import type { SshServerFixture } from './ssh-suite.ts'
import { temporaryPractice, type TemporaryPractice } from '../integration/foreign-clients/practice.ts'

const folder = mkdtempSync(join(tmpdir(), 'rmada-keys-'))
const at = (name: string) => join(folder, name)
const keygen = (...words: string[]) => execFileSync('ssh-keygen', words, { encoding: 'utf8', stdio: 'pipe' })
const make = (name: string, passphrase: string, ...kind: string[]) => {
  keygen('-q', '-N', passphrase, '-f', at(name), ...kind)
}
const refusalOf = async (file: string, passphrase: string | null = null) =>
  await privateKeys.read(file, passphrase).then(() => expect.unreachable(), (error: unknown) => error)

let agent: { readonly socket: string; readonly pid: number }

beforeAll(() => {
  make('ed25519', '', '-t', 'ed25519')
  make('rsa', '', '-t', 'rsa', '-b', '2048')
  make('rsa.pem', '', '-t', 'rsa', '-b', '2048', '-m', 'PEM')
  make('locked', 'open sésame', '-t', 'ed25519')
  make('locked.pem', 'open sésame', '-t', 'rsa', '-b', '2048', '-m', 'PEM')
  make('ecdsa', '', '-t', 'ecdsa')
  writeFileSync(at('text'), 'no key\n', { mode: 0o600 })
  writeFileSync(at('long'), 'x'.repeat(100_000), { mode: 0o600 })
  mkdirSync(at('directory'))
  const socket = at('agent')
  const said = execFileSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' })
  agent = { socket, pid: Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]) }
  execFileSync('ssh-add', ['-q', at('ed25519'), at('rsa')], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' })
})
afterAll(() => {
  process.kill(agent.pid)
  rmSync(folder, { recursive: true, force: true })
})

describe('private keys of the user', () => {
  it.each([
    ['ed25519', null], ['rsa', null], ['rsa.pem', null], ['locked', 'open sésame'], ['locked.pem', 'open sésame']
  ])('%s is read, with the fingerprints that ssh-keygen tells', async (name, passphrase) => {
    const key = await privateKeys.read(at(name), passphrase)
    expect(key).toMatchObject({ text: readFileSync(at(name), 'utf8'), openToOthers: false })
    expect(key.publicBlob).toBe(readFileSync(at(`${name}.pub`), 'utf8').split(' ')[1])
    if (name !== 'ed25519') return
    expect(`SHA256:${key.fingerprints[0]}`).toBe(keygen('-lf', at(name)).split(' ')[1])
  })

  it.each([
    ['nowhere', null, 'KEY_FILE_INVALID', 'is not there'],
    ['directory', null, 'KEY_FILE_INVALID', 'is not a file'],
    ['text', null, 'KEY_FILE_INVALID', 'holds no private key'],
    ['long', null, 'KEY_FILE_INVALID', 'too large'],
    ['ecdsa', null, 'KEY_FILE_INVALID', 'ecdsa'],
    ['ed25519.pub', null, 'KEY_FILE_INVALID', 'public half'],
    ['locked', null, 'KEY_LOCKED', 'is encrypted'],
    ['locked', 'wrong', 'KEY_LOCKED', 'passphrase does not open'],
    ['locked.pem', null, 'KEY_LOCKED', 'is encrypted'],
    ['locked.pem', 'wrong', 'KEY_LOCKED', 'passphrase does not open'],
    ['x'.repeat(10_000), null, 'KEY_FILE_INVALID', 'cannot be read'],
    ['nul\0nul', null, 'KEY_FILE_INVALID', 'cannot be read']
  ])('%s with passphrase %s is refused: %s', async (name, passphrase, code, part) => {
    const refusal = await refusalOf(at(name), passphrase)
    expect(refusal).toMatchObject({ code, message: expect.stringContaining(part), suggestion: expect.stringMatching(/\.$/) })
    expect((refusal as Error).message.length).toBeLessThan(200)
    expect(JSON.stringify(refusal)).not.toContain('PRIVATE KEY')
  })

  it('tells a file that others may read', async () => {
    make('open', '', '-t', 'ed25519')
    chmodSync(at('open'), 0o644)
    expect(await privateKeys.read(at('open'), null)).toMatchObject({ openToOthers: true })
  })

  it('lists what an agent holds, and says that none answers', async () => {
    const held = await privateKeys.ofAgent(agent.socket)
    const files = await Promise.all(['ed25519', 'rsa'].map((name) => privateKeys.read(at(name), null)))
    expect(held.map((key) => key.publicBlob).toSorted()).toEqual(files.map((key) => key.publicBlob).toSorted())
    await expect(privateKeys.ofAgent(at('nobody'))).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' })
  })
})

describe('key pairs of EC2', () => {
  let practice: TemporaryPractice
  beforeAll(async () => { practice = await temporaryPractice() })
  afterAll(async () => { await practice.end() })

  it('are matched with their files by fingerprint, imported ones and those that EC2 made', async () => {
    const { endpoint, region, accessKeyId, secretAccessKey } = practice.practice
    const cloud = openCloud({ region, endpoint, profile: null, credentials: { accessKeyId, secretAccessKey } })
    for (const name of ['ed25519', 'rsa', 'locked.pem']) {
      const publicKey = readFileSync(at(`${name}.pub`), 'utf8')
      await cloud.importKeyPair({ name, publicKey, tags: { test: 'keys' } })
      const pair = await cloud.keyPairNamed(name)
      const key = await privateKeys.read(at(name), name === 'locked.pem' ? 'open sésame' : null)
      expect(key.fingerprints).toContain(pair?.fingerprint.replace(/=+$/, ''))
      expect(pair?.publicKey?.split(' ')[1]).toBe(key.publicBlob)
    }
    for (const kind of ['rsa', 'ed25519'] as const) {
      const made = await makeAsAws(kind)
      writeFileSync(at(`made-${kind}`), made.privateKey, { mode: 0o600 })
      const key = await privateKeys.read(at(`made-${kind}`), null)
      expect(key.fingerprints).toContain(made.publicKey.fingerprint.replace(/=+$/, ''))
    }
    expect(await cloud.keyPairNamed('no*')).toBeNull()
    expect(await cloud.keyPairNamed('ed25519*')).toBeNull()
  })
})

const targetOf = ({ host, port, user, hostKeys, privateKey }: SshServerFixture): SshTarget =>
  ({ instanceId: 'i-1', host, port, user, hostKeys, privateKey })

describe('ssh', () => {
  it('signs with an encrypted key and its passphrase, or has the agent sign', async () => {
    const server = await startOpenSsh()
    const ssh = createSsh()
    try {
      writeFileSync(at('login'), server.privateKey, { mode: 0o600 })
      const offered = { env: { ...process.env, SSH_AUTH_SOCK: agent.socket }, stdio: 'pipe' as const }
      const connect = (change: Partial<SshTarget>) => ssh.connect({ ...targetOf(server), ...change }, { timeoutMs: 5_000 })
      await expect(connect({ privateKey: '', agent: agent.socket })).rejects.toMatchObject({ code: 'SSH_AUTH_FAILED' })
      execFileSync('ssh-add', ['-q', at('login')], offered)
      keygen('-q', '-p', '-P', '', '-N', 'open sésame', '-f', at('login'))
      const privateKey = readFileSync(at('login'), 'utf8')
      expect(privateKey).not.toBe(server.privateKey)
      for (const change of [{ privateKey: '', agent: agent.socket }, { privateKey, passphrase: 'open sésame' }]) {
        const connection = await connect(change)
        expect((await connection.exec('echo in')).stdout).toBe('in\n')
        await connection.close()
      }
    } finally {
      await ssh.close()
      await server.close()
    }
  })
})
