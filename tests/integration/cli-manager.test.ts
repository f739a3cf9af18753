import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findManager } from '../../app/main/shells/manager/find-or-start.ts'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'

let rmada: Rmada
beforeEach(() => { rmada = createRmada('none') })
afterEach(() => rmada.close())

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('starts a manager when none runs, and the next command uses the same one', async () => {
  const first = await rmada.json(['info'])
  expect(first).toMatchObject({ code: 0, value: { protocol: 1, practice: { backend: 'none' } } })
  const { pid } = first.value as { pid: number }
  expect(isAlive(pid)).toBe(true)
  expect(await rmada.json(['info'])).toMatchObject({ value: { pid } })
  expect(await rmada.json(['manager', 'start'])).toMatchObject({ code: 0, value: { ok: true, pid } })
})

it('the runtime file is the user\'s own and names the socket', async () => {
  await rmada.run(['manager', 'start'])
  const file = join(rmada.folder, 'run/manager.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(join(rmada.folder, 'run')).mode & 0o777).toBe(0o700)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    protocol: 1,
    socket: join(rmada.folder, 'run/manager.sock')
  })
})

it('many starters at once end up with one manager', async () => {
  const infos = await Promise.all(Array.from({ length: 4 }, () => rmada.json(['info'])))
  expect(infos.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expect(new Set(infos.map(({ value }) => (value as { pid: number }).pid)).size).toBe(1)
})

it('stops in good order, removes socket and runtime file, and says when there is nothing to stop', async () => {
  await rmada.run(['manager', 'start'])
  const pid = rmada.livingManager()
  expect(await rmada.json(['manager', 'stop'])).toEqual({ code: 0, value: { ok: true, stopped: true } })
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  expect(existsSync(join(rmada.folder, 'run/manager.sock'))).toBe(false)
  expect(rmada.managerPid()).toBeNull()
  expect(await rmada.json(['manager', 'stop'])).toEqual({ code: 0, value: { ok: true, stopped: false } })
})

it('ends in good order on SIGTERM', async () => {
  await rmada.run(['manager', 'start'])
  const pid = rmada.livingManager()
  process.kill(pid, 'SIGTERM')
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  expect(rmada.managerPid()).toBeNull()
})

it('after a crash the next command replaces the dead manager, its socket and its runtime file', async () => {
  await rmada.run(['manager', 'start'])
  const dead = rmada.livingManager()
  process.kill(dead, 'SIGKILL')
  await expect.poll(() => isAlive(dead), { timeout: 10_000 }).toBe(false)
  expect(existsSync(join(rmada.folder, 'run/manager.sock'))).toBe(true)
  const { code, value } = await rmada.json(['info'])
  expect(code).toBe(0)
  expect((value as { pid: number }).pid).not.toBe(dead)
})

it('a manager that cannot start is told with its own words', async () => {
  // A file where the data directory should be.
  writeFileSync(join(rmada.folder, 'data-file'), '')
  mkdirSync(join(rmada.folder, 'data'))
  const { code, value } = await rmada.json(['info'], { RMADA_RUNTIME_DIR: join(rmada.folder, 'data-file/run') })
  expect(code).toBe(3)
  expect(value).toMatchObject({
    ok: false,
    error: { code: 'MANAGER_UNREACHABLE', message: expect.stringContaining('ENOTDIR') }
  })
})

it('a garbled runtime file is no manager', async () => {
  mkdirSync(join(rmada.folder, 'run'), { mode: 0o700 })
  writeFileSync(join(rmada.folder, 'run/manager.json'), '{"socket": 7')
  expect(await findManager(rmada.environment, { audience: 'cli' })).toBeNull()
  expect((await rmada.run(['info'])).code).toBe(0)
})

it('the practice endpoint ends cleanly when interrupted, and leaves no folder', async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const child = rmada.start(['practice', '--backend', 'none', '--json'])
    const line = await new Promise<string>((resolve) => {
      child.stdout?.once('data', (chunk: Buffer) => {
        resolve(chunk.toString())
      })
    })
    const served = JSON.parse(line) as Record<string, string>
    expect(Object.keys(served)).toEqual(['endpoint', 'region', 'accessKeyId', 'secretAccessKey'])
    expect(served['region']).toBe('practice-1')
    expect((await fetch(served['endpoint'] ?? '', { method: 'POST' })).status).toBeGreaterThanOrEqual(400)
    const ended = new Promise((resolve) => { child.on('exit', resolve) })
    child.kill(signal)
    expect(await ended).toBe(0)
    await expect(fetch(served['endpoint'] ?? '')).rejects.toThrow('fetch failed')
  }
})
