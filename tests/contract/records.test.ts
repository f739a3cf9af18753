import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createNetworkRecords } from '../../app/main/adapters/records/records.ts'
import type { NetworkRecord } from '../../app/main/core/ports/index.ts'
import { temporaryFolders } from './fixtures/temporary.ts'

const record = (id: string, change: Partial<NetworkRecord> = {}): NetworkRecord => ({
  id,
  spec: {
    name: 'night',
    region: 'practice-1',
    instances: 3,
    instanceType: 'c5.large',
    image: 'ami-1',
    user: 'ec2-user',
    zone: null,
    slotsPerHost: 1,
    placementGroup: false
  },
  createdAt: '2026-11-20T10:00:00.000Z',
  clientToken: 'token',
  hostKeys: { 'i-1': ['ssh-ed25519 AAAA'] },
  configured: false,
  failure: null,
  terminating: false,
  ...change
})

describe('network records', () => {
  const folder = temporaryFolders()
  const fresh = async () => join(await folder('records'), 'networks')

  it('are none at first, then those that were saved last', async () => {
    const directory = await fresh()
    const records = createNetworkRecords(directory)
    expect(await records.all()).toEqual([])
    await records.save(record('n2'))
    await records.save(record('n1'))
    await records.save(record('n2', { configured: true, failure: 'it failed' }))
    expect(await createNetworkRecords(directory).all()).toEqual([
      record('n1'),
      record('n2', { configured: true, failure: 'it failed' })
    ])
  })

  it('keep key and secret in files that nobody else can read', async () => {
    const directory = await fresh()
    const records = createNetworkRecords(directory)
    expect(await records.privateKey('n1')).toBeNull()
    await records.savePrivateKey('n1', 'PRIVATE\nKEY\n')
    expect(await records.privateKey('n1')).toBe('PRIVATE\nKEY\n')
    await records.secret('n1')
    await records.save(record('n1'))
    for (const name of await readdir(join(directory, 'n1'))) {
      expect((await stat(join(directory, 'n1', name))).mode & 0o777).toBe(0o600)
    }
    expect((await stat(join(directory, 'n1'))).mode & 0o777).toBe(0o700)
  })

  it('make one secret for each network, the same for all who ask and after a restart', async () => {
    const directory = await fresh()
    const records = createNetworkRecords(directory)
    const asked = await Promise.all([1, 2, 3].map(() => records.secret('n1')))
    expect(asked[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(asked).size).toBe(1)
    expect(await createNetworkRecords(directory).secret('n1')).toBe(asked[0])
    expect(await records.secret('n2')).not.toBe(asked[0])
  })

  it('leave nothing of a network that is removed, and its next secret is another', async () => {
    const directory = await fresh()
    const records = createNetworkRecords(directory)
    await records.save(record('n1'))
    const before = await records.secret('n1')
    await records.remove('n1')
    await records.remove('n1')
    expect(await readdir(directory)).toEqual([])
    expect(await records.secret('n1')).not.toBe(before)
  })

  it('set a damaged record aside, with its key kept, and show the others', async () => {
    const directory = await fresh()
    const records = createNetworkRecords(directory)
    await records.save(record('good'))
    await records.savePrivateKey('torn', 'KEY')
    await writeFile(join(directory, 'torn', 'record.json'), '{"id":"torn","spec":')
    await mkdir(join(directory, 'old'))
    await writeFile(join(directory, 'old', 'record.json'), '{"id":"old","version":0}')
    expect(await records.all()).toEqual([record('good')])
    expect(await readdir(join(directory, 'torn'))).toEqual(['key', 'record.damaged.json'])
    expect(await records.privateKey('torn')).toBe('KEY')
  })

  it('take no id that leads out of their folder', async () => {
    const records = createNetworkRecords(await fresh())
    for (const id of ['../x', '..', '', 'a/b', '.hidden', 'a\\b']) {
      await expect(async () => await records.savePrivateKey(id, 'k')).rejects.toThrow('Not an id')
      await expect(async () => await records.remove(id)).rejects.toThrow('Not an id')
    }
  })

  it('say what is wrong when their folder cannot be written', async () => {
    const parent = await folder('records')
    await writeFile(join(parent, 'networks'), 'a file in the way')
    await expect(createNetworkRecords(join(parent, 'networks')).save(record('n1'))).rejects.toMatchObject({
      code: 'DATA_UNREADABLE'
    })
  })
})
