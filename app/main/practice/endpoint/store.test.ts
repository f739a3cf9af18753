import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openCredentials } from './credentials.ts'
import { takeDirectory } from './lock.ts'
import { openStore } from './store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rmada-store-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8)

it('keeps every change', async () => {
  const file = join(folder, 'account', 'state.json')
  const store = await openStore(file)
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      store.change((draft) => {
        draft.tags[`i-${index}`] = { n: String(index) }
      })
    )
  )
  expect((await openStore(file)).state).toEqual(store.state)
  expect(Object.keys(store.state.tags)).toHaveLength(20)
  expect(await readdir(join(folder, 'account'))).toEqual(['state.json'])
})

it.skipIf(process.platform === 'win32')('keeps what only the user may read from everybody else', async () => {
  await openStore(join(folder, 'account', 'state.json'))
  await openCredentials(join(folder, 'account', 'credentials.json'))
  const paths = ['account', 'account/state.json', 'account/credentials.json']
  const modes = await Promise.all(paths.map((path) => mode(join(folder, path))))
  expect(modes).toEqual(['700', '600', '600'])
})

it('is on disk when a change resolves', async () => {
  const file = join(folder, 'state.json')
  const store = await openStore(file)
  await store.change((draft) => {
    draft.tags.x = { a: 'b' }
  })
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ tags: { x: { a: 'b' } } })
})

it('changes nothing when a change raises halfway', async () => {
  const store = await openStore(join(folder, 'state.json'))
  const before = store.state
  await expect(
    store.change((draft) => {
      draft.securityGroups = []
      throw new Error('second thoughts')
    })
  ).rejects.toThrow('second thoughts')
  expect(store.state).toBe(before)
  expect(store.state.securityGroups).toHaveLength(1)
})

it.each(['{', '[]', '{"version":2}'])('says so when its file holds %s, and leaves it as it is', async (content) => {
  const file = join(folder, 'state.json')
  await writeFile(file, content)
  await expect(openStore(file)).rejects.toMatchObject({ code: 'DATA_UNREADABLE' })
  expect(await readFile(file, 'utf8')).toBe(content)
})

it('makes credentials once', async () => {
  const file = join(folder, 'credentials.json')
  const made = await openCredentials(file)
  expect(made.accessKeyId).toMatch(/^[A-Z0-9]{20}$/)
  expect(made.secretAccessKey).toHaveLength(40)
  expect(await openCredentials(file)).toEqual(made)
  await writeFile(file, '{}')
  await expect(openCredentials(file)).rejects.toMatchObject({ code: 'DATA_UNREADABLE' })
})

it('lets one endpoint into a directory, and the next one after it or after its crash', async () => {
  const release = await takeDirectory(folder)
  await expect(takeDirectory(folder)).rejects.toMatchObject({ code: 'PRACTICE_UNAVAILABLE' })
  await release()
  const again = await takeDirectory(folder)
  await again()
  // A process that is no more, and one that has its number but began at another time.
  for (const left of ['4194305 12', `${process.pid} 1`]) {
    await writeFile(join(folder, 'endpoint.lock'), left)
    await (
      await takeDirectory(folder)
    )()
  }
})
