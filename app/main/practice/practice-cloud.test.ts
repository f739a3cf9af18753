import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { servePractice } from './endpoint/serve.ts'
import { createPracticeCloud } from './practice-cloud.ts'

const log = () => {}
let stateDirectory: string
beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'rmada-cloud-'))
})
afterEach(() => rm(stateDirectory, { recursive: true, force: true }))

const answers = async (endpoint: string) => (await fetch(endpoint).catch(() => null))?.status ?? null

it('starts at first use, once, and again after it was stopped, as the same account', async () => {
  const cloud = createPracticeCloud({ stateDirectory, backend: 'none', log })
  expect(cloud).toMatchObject({ backend: 'none', available: true })
  await cloud.stop()
  const [first, second] = await Promise.all([cloud.start(), cloud.start()])
  expect(second).toEqual(first)
  expect(await answers(first.endpoint)).toBe(403)
  await cloud.stop()
  expect(await answers(first.endpoint)).toBeNull()
  const third = await cloud.start()
  expect(third).toMatchObject({ accessKeyId: first.accessKeyId, secretAccessKey: first.secretAccessKey })
  expect(await answers(third.endpoint)).toBe(403)
  await cloud.stop()
})

it('says that another one is at work in its directory, and starts when that one has ended', async () => {
  const other = await servePractice({ stateDirectory, backend: 'none', port: 0, log })
  const cloud = createPracticeCloud({ stateDirectory, backend: 'none', log })
  await expect(cloud.start()).rejects.toMatchObject({ code: 'PRACTICE_UNAVAILABLE' })
  await other.close({ powerOff: true })
  expect(await answers((await cloud.start()).endpoint)).toBe(403)
  await cloud.stop()
})

it('says that its port is taken, and leaves the directory free', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => {
    blocker.listen(0, '127.0.0.1', resolve)
  })
  const { port } = blocker.address() as AddressInfo
  await expect(servePractice({ stateDirectory, backend: 'none', port, log })).rejects.toMatchObject({
    code: 'LOCAL_PORT_TAKEN'
  })
  await new Promise((resolve) => blocker.close(resolve))
  const practice = await servePractice({ stateDirectory, backend: 'none', port, log })
  expect(practice.endpoint).toBe(`http://127.0.0.1:${port}`)
  await practice.close({ powerOff: true })
})
