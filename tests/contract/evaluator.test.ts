import { execFile } from 'node:child_process'
import { mkdtemp, cp, mkdir, readFile, rm, writeFile, chmod } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluatorClient } from '../../app/main/adapters/evaluator/evaluator.ts'
import { encodeFrame } from '../../app/main/adapters/evaluator/frames.ts'
import type { EvaluatorAddress } from '../../app/main/core/ports/index.ts'

const run = promisify(execFile)
const secret = '0123456789abcdef'.repeat(4)
const root = join(import.meta.dirname, '../..')
let home: string
let address: EvaluatorAddress

/** As the manager and the practice machines run it on a master. */
async function evaluatorScript(action: string): Promise<{ stdout: string; stderr: string }> {
  const asRoot = process.getuid?.() === 0 ? { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' } : {}
  const env = { ...process.env, ...asRoot, HOME: home }
  return await run('sh', [join(home, '.rmada/evaluator.sh'), action], { env })
}

const evaluate = (text: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  evaluatorClient.evaluate(address, text, options)

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rmada-evaluator-'))
  await mkdir(join(home, '.rmada'), { mode: 0o700 })
  await cp(join(root, 'r-package/inst/evaluator'), join(home, '.rmada'), { recursive: true })
  await cp(join(root, 'resources/bootstrap/evaluator.sh'), join(home, '.rmada/evaluator.sh'))
  await writeFile(join(home, '.rmada/secret'), secret, { mode: 0o600 })
  await writeFile(join(home, 'ompi-hostfile'), '127.0.0.1 slots=4\n')
  const { port } = JSON.parse((await evaluatorScript('start')).stdout) as { port: number }
  address = { host: '127.0.0.1', port, secret }
})

afterAll(async () => {
  await evaluatorScript('stop')
  await rm(home, { recursive: true, force: true })
})

describe('evaluator.sh', () => {
  it('starts once: a second start names the same process, and status agrees', async () => {
    const first = (await evaluatorScript('status')).stdout
    expect((await evaluatorScript('start')).stdout).toBe(first)
    expect(first).toMatch(/^\{"port":\d+,"pid":\d+\}\n$/)
  })

  it.runIf(process.platform === 'linux')('listens on loopback alone', async () => {
    const port = address.port.toString(16).toUpperCase().padStart(4, '0')
    const sockets = [...await lines('/proc/net/tcp'), ...await lines('/proc/net/tcp6')]
    const listening = sockets.filter((line) => new RegExp(`:${port} [0:]+ 0A`).test(line))
    expect(listening.map((line) => line.trim().split(/[ :]+/)[1])).toEqual(['0100007F'])
  })

  it('refuses a secret that others can read', async () => {
    const other = await mkdtemp(join(tmpdir(), 'rmada-evaluator-'))
    try {
      await cp(join(home, '.rmada/gate.pl'), join(other, '.rmada/gate.pl'))
      await cp(join(home, '.rmada/evaluator.sh'), join(other, '.rmada/evaluator.sh'))
      await writeFile(join(other, '.rmada/secret'), secret)
      await chmod(join(other, '.rmada/secret'), 0o644)
      await expect(run('sh', [join(other, '.rmada/evaluator.sh'), 'start'], { env: { ...process.env, HOME: other } }))
        .rejects.toThrow(/Others can read .*secret/)
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  })
})

describe('EvaluatorClient', () => {
  it('pings', async () => {
    await expect(evaluatorClient.ping(address, 5000)).resolves.toBeUndefined()
  })

  it('gives the printed value, what was printed, and whether it is visible', async () => {
    expect(await evaluate('1 + 1')).toEqual({ output: '', value: '[1] 2', visible: true })
    expect(await evaluate('kept <- 5')).toEqual({ output: '', value: '', visible: false })
    expect(await evaluate('cat("é\\n"); 1:2; message("m"); warning("w"); invisible(kept)'))
      .toEqual({ output: 'é\n[1] 1 2\nm\nWarning message:\nw\n', value: '', visible: false })
    expect(await evaluate('kept')).toEqual({ output: '', value: '[1] 5', visible: true })
  })

  it('gives what child processes print, before the value', async () => {
    expect(await evaluate('system("echo child"); 3')).toEqual({ output: 'child\n', value: '[1] 3', visible: true })
  })

  it('raises errors with R\'s message, call and class', async () => {
    await expect(evaluate('f <- function(x) stop("boom"); f(1)')).rejects.toMatchObject({
      code: 'EVALUATION_FAILED',
      message: 'Error in f(1) : boom',
      details: { class: 'simpleError error condition', traceback: 'f(1)\nstop("boom")' }
    })
    await expect(evaluate('1 +')).rejects.toMatchObject({
      code: 'EVALUATION_FAILED', message: expect.stringContaining('unexpected end of input')
    })
  })

  it('interrupts at the time limit and when the caller cancels, and the session goes on', async () => {
    const started = Date.now()
    await expect(evaluate('Sys.sleep(60)', { timeoutMs: 300 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 200)
    await expect(evaluate('system("sleep 60")', { signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(Date.now() - started).toBeLessThan(5000)
    expect((await evaluate('kept + 1')).value).toBe('[1] 6')
  })

  it('refuses others while one is at work, and answers their pings', async () => {
    const busy = evaluate('Sys.sleep(0.7)')
    await new Promise((resolve) => setTimeout(resolve, 200))
    await evaluatorClient.ping(address, 1000)
    await expect(evaluate('1')).rejects.toMatchObject({
      code: 'EVALUATOR_UNREACHABLE', message: 'The session is in use by the window or the command line of Rmada.'
    })
    await busy
  })

  it('says that the session ended, and works in the next one', async () => {
    await expect(evaluate('q()')).rejects.toMatchObject({
      code: 'EVALUATOR_UNREACHABLE', message: expect.stringMatching(/ended while it worked on this \(exit status 0\)/)
    })
    await evaluatorClient.ping(address, 10_000)
    await expect(evaluate('kept')).rejects.toMatchObject({
      message: expect.stringContaining("object 'kept' not found")
    })
  })

  it('leaves no process behind when it stops, MPI slaves included', async () => {
    await evaluate('library(Rmpi); mpi.spawn.Rslaves(nslaves = 2, needlog = FALSE)')
    const { output } = await evaluate('cat(Sys.getpid(), unlist(mpi.remote.exec(Sys.getpid())))')
    const pids = output.trim().split(' ').map(Number)
    expect(pids).toHaveLength(3)
    await evaluatorScript('stop')
    expect(pids.filter(isAlive)).toEqual([])
    address = { ...address, port: (JSON.parse((await evaluatorScript('start')).stdout) as { port: number }).port }
  })

  it('spawns Rmpi slaves over the host file, again and again', async () => {
    const spawn = `library(Rmpi)
      mpi.spawn.Rslaves(nslaves = 2, needlog = FALSE)
      x <- mpi.remote.exec(1 + 1)
      mpi.close.Rslaves()
      unlist(x)`
    for (let i = 0; i < 4; i++) {
      const { value } = await evaluate(spawn)
      expect(value).toMatch(/^\s*X1 X2\s*2 +2\s*$/)
    }
  })

  it('turns a wrong secret away, and a peer that does not know ours', async () => {
    const wrong = { ...address, secret: 'f'.repeat(64) }
    await expect(evaluatorClient.evaluate(wrong, '1', {})).rejects.toMatchObject({
      code: 'EVALUATOR_UNREACHABLE', message: expect.stringContaining('does not accept the secret')
    })
    const impostor = createServer((socket) => {
      socket.on('error', () => {})
      socket.write('RMADA-EVALUATOR 1\n')
      socket.once('data', () => socket.write(`${'0'.repeat(32)}\n`))
    }).listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => impostor.once('listening', resolve))
      const { port } = impostor.address() as AddressInfo
      await expect(evaluatorClient.evaluate({ ...address, port }, '1', {})).rejects.toMatchObject({
        message: expect.stringContaining('does not know the secret')
      })
    } finally {
      impostor.close()
    }
  })

  it('closes the connection of a frame that lies, and no other', async () => {
    for (const [at, byte] of [[0, 99], [1, 9], [2, 1], [8, 255]] as const) {
      const frame = encodeFrame('ping', 1)
      frame[at] = byte
      expect(await raw([`C${secret.slice(0, 32)}\n`, frame])).toContain('a frame that makes no sense')
    }
    expect((await evaluate('1')).value).toBe('[1] 1')
  })

  it('outlives whatever bytes come after the secret', async () => {
    let seed = 20120601
    const random = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % n
    for (let i = 0; i < 150; i++) {
      const frame = encodeFrame('evalText', 1 + random(5), Buffer.from('leaked <- TRUE #'.slice(0, random(16))))
      for (let change = 0; change < 3; change++) frame[random(frame.length)] = random(256)
      await raw([`C${secret.slice(0, 32)}\n`, frame.subarray(0, 1 + random(frame.length)), frame], 5)
    }
    await expect.poll(async () => (await evaluate('1').catch(() => null))?.value, { timeout: 5000 }).toBe('[1] 1')
    expect((await evaluatorScript('status')).stdout).toContain(`"port":${address.port},`)
  })

  it('forgets a request that breaks off halfway', async () => {
    const half = encodeFrame('evalText', 1, Buffer.from('stop("never evaluated")')).subarray(0, 20)
    await raw([`C${secret.slice(0, 32)}\n`, half], 150)
    expect((await evaluate('2')).value).toBe('[1] 2')
  })

  it('evaluates nothing for a peer without the secret', async () => {
    const frame = encodeFrame('evalText', 1, Buffer.from('leaked <- TRUE'))
    expect(await raw([`C${'0'.repeat(32)}\n`, frame])).toBe('RMADA-EVALUATOR 1\ndenied\n')
    expect(await raw([frame, frame, frame])).toBe('RMADA-EVALUATOR 1\ndenied\n')
    expect((await evaluate('exists("leaked")')).value).toBe('[1] FALSE')
  })
})

/** Sends these bytes and returns all that comes until the other side closes, or until we do after a while. */
async function raw(parts: (string | Buffer)[], closeAfterMs = 5000): Promise<string> {
  return await new Promise((resolve) => {
    const socket = createConnection({ host: address.host, port: address.port })
    let got = ''
    socket.on('data', (chunk) => { got += chunk.toString('latin1') })
    socket.on('error', () => {})
    socket.on('close', () => resolve(got))
    setTimeout(() => socket.destroy(), closeAfterMs).unref()
    for (const part of parts) socket.write(part)
  })
}

async function lines(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8').catch(() => '')).split('\n')
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
