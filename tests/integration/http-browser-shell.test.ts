import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { RmadaError } from '../../app/main/core/error.ts'
import { entryPoint } from '../../app/main/shells/app-root.ts'
import { serveWindow } from '../../app/main/shells/browser/serve-window.ts'
import type { BrowserShell } from '../../app/main/shells/browser/serve-window.ts'
import { createJsonRpcClient } from '../../app/main/transports/json-rpc/client.ts'
import type { JsonRpcClient } from '../../app/main/transports/json-rpc/client.ts'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'
import { signIn } from '../support/transport-faces.ts'

let rmada: Rmada
let shell: BrowserShell
beforeEach(async () => {
  rmada = createRmada('none')
  shell = await serveWindow(rmada.environment, () => undefined)
})
afterEach(async () => {
  await shell.close()
  await rmada.close()
})

/** A window as the page makes it: WebSocket with the page's cookie. Rejects when the shell turns it away. */
async function openWindow(): Promise<{ client: JsonRpcClient; lost: Promise<void>; close(): void }> {
  const { host } = new URL(shell.url)
  const socket = new WebSocket(`ws://${host}/rpc`, { headers: await signIn(shell.url) })
  const client = createJsonRpcClient((message) => { socket.send(message) })
  const lost = new Promise<void>((resolve) => { socket.on('close', () => { resolve() }) })
  socket.on('message', (data) => { client.receive((data as Buffer).toString()) })
  socket.on('close', () => {
    client.end(new RmadaError('MANAGER_UNREACHABLE', 'The connection ended.', { suggestion: 'Again.' }))
  })
  await new Promise((resolve, reject) => { socket.on('open', resolve).on('error', reject) })
  await client.hello('gui', '0')
  return { client, lost, close: () => { socket.close() } }
}

const managerOf = async (): Promise<number> => {
  const window = await openWindow()
  const { pid } = await window.client.call('manager.info', {})
  window.close()
  return pid
}

it('starts a manager and passes calls, errors and streams on to it', async () => {
  const { client, close } = await openWindow()
  expect((await client.call('manager.info', {})).pid).toBe(rmada.managerPid())
  await expect(client.call('networks.get', { name: 'nobody' })).rejects.toMatchObject({ code: 'NETWORK_UNKNOWN' })
  const first = await new Promise((resolve, reject) => { client.subscribe('networks.watch', {}, resolve, reject) })
  expect(first).toEqual({ kind: 'all', items: [] })
  close()
})

it('a manager that crashed is replaced; its windows are told, and come back', async () => {
  const window = await openWindow()
  const dead = rmada.livingManager()
  process.kill(dead, 'SIGKILL')
  await window.lost
  await expect.poll(managerOf, { timeout: 30_000 }).not.toBe(dead)
  expect(await managerOf()).toBe(rmada.managerPid())
})

it('a manager that was stopped on purpose stays stopped, until somebody starts one', async () => {
  const window = await openWindow()
  expect((await rmada.run(['manager', 'stop'])).code).toBe(0)
  await window.lost
  // Longer than the shell waits between two looks.
  await new Promise((resolve) => { setTimeout(resolve, 1500) })
  expect(rmada.managerPid()).toBeNull()
  await expect(openWindow()).rejects.toThrow('503')
  expect((await rmada.run(['manager', 'start'])).code).toBe(0)
  await expect.poll(managerOf, { timeout: 30_000 }).toBe(rmada.managerPid())
})

it('a second manager leaves the field to the first, whose windows come to the front', async () => {
  const { client, close } = await openWindow()
  const kinds: string[] = []
  client.subscribe('manager.watch', {}, ({ kind }) => kinds.push(kind), () => undefined)
  await expect.poll(() => kinds).toEqual(['ready'])
  const second = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', entryPoint('manager')], {
    env: rmada.environment, encoding: 'utf8'
  })
  expect(second).toMatchObject({
    status: 0,
    stderr: 'A manager is running already; its window was asked to come to the front.\n'
  })
  await expect.poll(() => kinds).toEqual(['ready', 'activate'])
  close()
})
