import { expect, it } from 'vitest'
import { RmadaError } from '../../core/error.ts'
import type { PrivateKeys } from '../../core/ports/index.ts'
import { context, ended, launch, startManager } from '../testing/drive.ts'
import { FakeCloud } from '../testing/fake-cloud.ts'
import { fakePorts } from '../testing/fake-ports.ts'
import { FakeSsh } from '../testing/fake-ssh.ts'

const keyFiles: PrivateKeys = {
  read: async file => {
    if (file === '/locked') throw new RmadaError('KEY_LOCKED', 'Locked.', { suggestion: '' })
    return { fingerprints: [file === '/right' ? 'SHA256:right' : 'SHA256:wrong'], publicBlob: '', text: 'the key', openToOthers: false }
  },
  ofAgent: async () => []
}

/** Another computer's running network, and a manager here that knows it by its tags alone. */
async function theirs() {
  const cloud = new FakeCloud()
  const fakeSsh = new FakeSsh()
  const elsewhere = await startManager(fakePorts({ cloud, fakeSsh, randomHex: bytes => 'e'.repeat(bytes * 2) }))
  await launch(elsewhere, { name: 'theirs', instances: 3 })
  await elsewhere.stop()
  for (const [id, pair] of cloud.keyPairsById) cloud.keyPairsById.set(id, { ...pair, fingerprint: 'SHA256:right' })
  cloud.keyPairNamed = async name => [...cloud.keyPairsById.values()].find(one => one.name === name) ?? null
  const ports = fakePorts({ cloud, fakeSsh, privateKeys: keyFiles, ownAddress: async () => '203.0.113.1/32' })
  const manager = await startManager(ports)
  await manager.handlers['networks.plan']({ region: 'practice-1' }, context)
  return { cloud, ports, manager }
}

it('makes it run here: key and record kept, host keys pinned from the consoles, ssh open to this computer alone', async () => {
  const { cloud, ports, manager } = await theirs()
  expect(await manager.handlers['networks.get']({ name: 'theirs' }, context))
    .toMatchObject({ keyHere: false, status: 'services-not-running' })
  cloud.calls.length = 0
  const task = await ended(manager,
    await manager.handlers['networks.takeOver']({ name: 'theirs', privateKeyFile: '/right' }, context))
  expect(task).toMatchObject({ kind: 'repair', state: 'succeeded', error: null })
  expect(await manager.handlers['networks.get']({ name: 'theirs' }, context)).toMatchObject({ keyHere: true, status: 'running' })
  expect([...ports.disk.keys.values()]).toEqual(['the key'])
  expect(cloud.calls.filter(call => call === 'consoleOutput')).toHaveLength(3)
  expect(cloud.calls).not.toContain('runInstances')
  const [group] = cloud.groupsById.values()
  expect(group?.rules.filter(rule => rule.port === 22).map(rule => rule.from)).toEqual([{ cidr: '203.0.113.1/32' }])
  await manager.stop()
})

it.each([['/wrong', 'KEY_MISMATCH'], ['/locked', 'KEY_LOCKED']])('refuses %s with %s and keeps nothing', async (file, code) => {
  const { ports, manager, cloud } = await theirs()
  await expect(manager.handlers['networks.takeOver']({ name: 'theirs', privateKeyFile: file }, context))
    .rejects.toMatchObject({ code })
  expect([ports.disk.records.size, ports.disk.keys.size]).toEqual([0, 0])
  expect(cloud.alive()).toHaveLength(3)
  await manager.stop()
})

it('refuses a network that is this computer\'s own', async () => {
  const manager = await startManager(fakePorts({ privateKeys: keyFiles }))
  await launch(manager)
  await expect(manager.handlers['networks.takeOver']({ name: 'demo', privateKeyFile: '/right' }, context))
    .rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await manager.stop()
})
