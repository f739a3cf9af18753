import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDispatch } from '../../app/main/transports/dispatch.ts'
import { connectLocal } from '../../app/main/transports/local-client.ts'
import { socketAddress } from '../../app/main/transports/local-socket/address.ts'
import { serveLocalSocket } from '../../app/main/transports/local-socket/server.ts'
import { createStubHandlers } from '../support/stub-handlers.ts'
import { identity } from '../support/transport-faces.ts'

const contender = join(import.meta.dirname, '../support/lock-contender.ts')
const hello = { jsonrpc: '2.0', id: 1, method: 'hello', params: { protocol: 1, client: 'r', version: '0' } }

let folder: string
let address: string
let server: { close(): Promise<void> }
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rmada-socket-'))
  address = join(folder, 'run', 'manager.sock')
  server = await serveLocalSocket({
    address,
    identity,
    dispatch: createDispatch(createStubHandlers().handlers, () => undefined)
  })
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** A client that sends bytes as they are and collects the answers. */
async function rawClient() {
  const socket: Socket = connect(address)
  let text = ''
  const ended = new Promise<void>((resolve) => { socket.on('close', () => { resolve() }) })
  socket.on('data', (chunk) => { text += chunk.toString() })
  socket.on('error', () => undefined)
  await new Promise((resolve) => { socket.once('connect', resolve) })
  const answers = () => text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>)
  return {
    socket,
    answers,
    ended,
    send(...messages: unknown[]) {
      socket.write(
        messages.map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`).join('')
      )
    },
    async answer(count = 1) {
      await expect.poll(() => answers().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count)
      return answers()[count - 1]
    }
  }
}

/** The manager still serves others. */
async function expectAlive(): Promise<void> {
  const client = await connectLocal({ address, audience: 'cli', version: '0' })
  expect(await client.call('networks.list', {})).toHaveLength(1)
  client.close()
}

const errorWith = (code: string) => ({ error: { code: -32000, data: { code } } })

describe('bad input', () => {
  it.each([
    ['no JSON', 'GET / HTTP/1.1'],
    ['JSON that ends early', '{"jsonrpc":"2.0","id":1'],
    ['a number', '7'],
    ['null', 'null'],
    ['a batch', '[]'],
    ['no method', '{"jsonrpc":"2.0","id":1}'],
    ['another JSON-RPC', '{"jsonrpc":"1.0","id":1,"method":"hello"}'],
    ['no id', '{"jsonrpc":"2.0","method":"hello"}'],
    ['deep nesting', '['.repeat(100_000)],
    ['bytes that are no text', '\u0000\ufffd']
  ])('%s is answered, and the connection goes on', async (_what, line) => {
    const client = await rawClient()
    client.send(line)
    expect(await client.answer()).toMatchObject({ id: null, ...errorWith('MALFORMED_MESSAGE') })
    client.send(hello)
    expect(await client.answer(2)).toMatchObject({ id: 1, result: identity })
    client.socket.destroy()
  })

  it('a call before hello is refused', async () => {
    const client = await rawClient()
    client.send({ jsonrpc: '2.0', id: 'a', method: 'networks.list' })
    expect(await client.answer()).toMatchObject({ id: 'a', ...errorWith('HELLO_REQUIRED') })
    client.socket.destroy()
  })

  it('another protocol version is told both versions, and the connection ends', async () => {
    const client = await rawClient()
    client.send({ ...hello, params: { ...hello.params, protocol: 99 } })
    expect(await client.answer()).toMatchObject({ id: 1, ...errorWith('PROTOCOL_MISMATCH') })
    expect(JSON.stringify(client.answers())).toContain('speaks protocol 1 (Rmada 0.0.0), but the client speaks 99')
    await client.ended
    await expectAlive()
  })

  it('hello with missing fields is refused in one sentence', async () => {
    const client = await rawClient()
    client.send({ ...hello, params: { protocol: 1 } })
    expect(await client.answer()).toMatchObject({
      error: { message: 'The field "client" of hello must be one of: gui, r, cli.', data: { code: 'INVALID_INPUT' } }
    })
    client.socket.destroy()
  })

  it('a line of 100 MB is answered and cut off without being kept in memory', async () => {
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const client = await rawClient()
    client.send(hello)
    await client.answer()
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    for (let i = 0; i < 100 && client.socket.writable; i++) {
      if (!client.socket.write(chunk))
        await new Promise((resolve) => {
          client.socket.once('drain', resolve).once('close', resolve)
        })
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    expect(await client.answer(2)).toMatchObject({ id: null, ...errorWith('MESSAGE_TOO_LARGE') })
    client.socket.end()
    await client.ended
    expect(most).toBeLessThan(60 * 1024 * 1024)
    await expectAlive()
  })

  it('more streams than one connection may have are refused, the others go on', async () => {
    const client = await rawClient()
    client.send(
      { ...hello, params: { ...hello.params, client: 'gui' } },
      ...Array.from({ length: 200 }, (_, i) => ({ jsonrpc: '2.0', id: 100 + i, method: 'networks.watch' }))
    )
    const refused = () => client.answers().filter(({ error }) => error !== undefined)
    await expect.poll(() => refused().length).toBeGreaterThan(0)
    expect(refused()[0]).toMatchObject(errorWith('INVALID_INPUT'))
    client.send({ jsonrpc: '2.0', id: 9, method: 'networks.list' })
    await expect.poll(() => client.answers().some(({ id, result }) => id === 9 && result !== undefined)).toBe(true)
    client.socket.destroy()
  })

  it('a client that breaks off in the middle of a line does no harm', async () => {
    const client = await rawClient()
    client.socket.write('{"jsonrpc":"2.0","id":1,"met')
    client.socket.destroy()
    await expectAlive()
  })
})

describe('who gets in', () => {
  it('socket and folder are the user\'s own', () => {
    expect(statSync(address).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(address)).mode & 0o777).toBe(0o700)
  })

  it.skipIf(process.getuid?.() !== 0)('another user cannot connect', () => {
    // The folder above lets everybody in, so that socket and run folder alone keep the other user out.
    chmodSync(folder, 0o755)
    const attempt = 'import socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])'
    const { status, stderr } = spawnSync('/usr/bin/python3', ['-c', attempt, address], {
      uid: 65534,
      gid: 65534,
      cwd: '/',
      encoding: 'utf8'
    })
    expect(status).not.toBe(0)
    expect(stderr).toContain('PermissionError')
  })

  it.skipIf(process.getuid?.() !== 0)('a folder that somebody else laid out is refused', async () => {
    const theirs = mkdtempSync(join(tmpdir(), 'rmada-theirs-'))
    spawnSync('chown', ['65534', theirs])
    await expect(
      serveLocalSocket({
        address: join(theirs, 'manager.sock'),
        identity,
        dispatch: createDispatch(createStubHandlers().handlers, () => undefined)
      })
    ).rejects.toMatchObject({ code: 'DATA_UNREADABLE' })
    rmSync(theirs, { recursive: true })
  })
})

describe('one manager only', () => {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })
  function contend(file: string): Promise<{ word: string; child: ChildProcess }> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', contender, file], {
      stdio: ['pipe', 'pipe', 'inherit']
    })
    children.push(child)
    return new Promise((resolve) => {
      child.stdout.once('data', (data: Buffer) => {
        resolve({ word: data.toString().trim(), child })
      })
    })
  }

  it('of several starters at once exactly one wins; when it is killed the next one does', async () => {
    const file = join(folder, 'run', 'manager.lock')
    const first = await Promise.all(Array.from({ length: 4 }, () => contend(file)))
    expect(first.map(({ word }) => word).sort()).toEqual(['lost', 'lost', 'lost', 'won'])
    const winner = first.find(({ word }) => word === 'won')?.child
    const gone = new Promise((resolve) => { winner?.on('exit', resolve) })
    winner?.kill('SIGKILL')
    await gone
    expect((await contend(file)).word).toBe('won')
  })

  it('the socket file of a dead manager is replaced', async () => {
    const stale = join(folder, 'stale', 'manager.sock')
    const dead = spawnSync('/usr/bin/python3', [
      '-c',
      'import os,socket,sys\nos.mkdir(os.path.dirname(sys.argv[1]))\nsocket.socket(socket.AF_UNIX).bind(sys.argv[1])',
      stale
    ])
    expect([dead.status, existsSync(stale)]).toEqual([0, true])
    const next = await serveLocalSocket({
      address: stale,
      identity,
      dispatch: createDispatch(createStubHandlers().handlers, () => undefined)
    })
    const client = await connectLocal({ address: stale, audience: 'cli', version: '0' })
    expect(client.manager).toEqual(identity)
    client.close()
    await next.close()
  })
})

describe('the client', () => {
  it('says that no manager answers', async () => {
    await expect(connectLocal({ address: join(folder, 'nobody.sock'), audience: 'cli', version: '0' }))
      .rejects.toMatchObject({ code: 'MANAGER_UNREACHABLE' })
    writeFileSync(join(folder, 'file.sock'), '')
    await expect(connectLocal({ address: join(folder, 'file.sock'), audience: 'cli', version: '0' }))
      .rejects.toMatchObject({ code: 'MANAGER_UNREACHABLE' })
  })

  it('connects again after the manager was restarted, and says what it is doing', async () => {
    const states: string[] = []
    const client = await connectLocal({
      address, audience: 'gui', version: '0', reconnect: async () => address, onState: (state) => states.push(state)
    })
    let endedWith: unknown
    client.subscribe('networks.watch', {}, () => undefined, (error) => { endedWith = error })
    await client.call('networks.list', {})
    await server.close()
    await expect.poll(() => states).toEqual(['connected', 'reconnecting'])
    expect(endedWith).toMatchObject({ code: 'MANAGER_UNREACHABLE' })
    await expect(client.call('networks.list', {})).rejects.toMatchObject({ code: 'MANAGER_UNREACHABLE' })
    server = await serveLocalSocket({
      address,
      identity,
      dispatch: createDispatch(createStubHandlers().handlers, () => undefined)
    })
    await expect.poll(() => states, { timeout: 5000 }).toEqual(['connected', 'reconnecting', 'connected'])
    expect(await client.call('networks.list', {})).toHaveLength(1)
    client.close()
  })
})

it('a path too long for a socket gets a short one in the temporary directory', () => {
  expect(socketAddress('/run/user/1000/rmada', 'linux')).toBe('/run/user/1000/rmada/manager.sock')
  const long = socketAddress(`/home/${'x'.repeat(100)}/run`, 'linux')
  expect(Buffer.byteLength(long)).toBeLessThan(100)
  expect(dirname(dirname(long))).toBe(tmpdir())
  expect(socketAddress('C:\\x', 'win32')).toMatch(/^\\\\\.\\pipe\\rmada-[0-9a-f]{12}$/)
})
