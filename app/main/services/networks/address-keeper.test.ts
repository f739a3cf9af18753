import { describe, expect, it } from 'vitest'
import { RmadaError } from '../../core/error.ts'
import type { IngressRule } from '../../core/ports/index.ts'
import { context, launch, startManager } from '../testing/drive.ts'
import { FakeCloud } from '../testing/fake-cloud.ts'
import { FakeDisk, fakePorts } from '../testing/fake-ports.ts'
import { FakeSsh } from '../testing/fake-ssh.ts'

const users: IngressRule = { protocol: 'tcp', port: 22, from: { cidr: '198.51.100.9/32' }, description: 'my office' }

/** A running network whose group has a rule of the user's own besides ours. */
async function running() {
  const shared = { cloud: new FakeCloud(), disk: new FakeDisk(), fakeSsh: new FakeSsh() }
  let address = '192.0.2.200/32'
  const ports = fakePorts({ ...shared, ownAddress: async () => address })
  const manager = await startManager(ports)
  await launch(manager)
  const [group] = shared.cloud.groupsById.keys()
  await shared.cloud.authorizeIngress(group ?? '', [users])
  shared.cloud.calls.length = 0
  const admitted = (): unknown[] => [...shared.cloud.groupsById.values()].flatMap(one => one.rules)
    .filter(rule => rule.port === 22).map(rule => rule.from === 'self' ? 'self' : rule.from.cidr).toSorted()
  return { shared, ports, manager, admitted, move: (to: string) => { address = to } }
}

const settled = async (): Promise<void> => {
  for (let n = 0; n < 50; n += 1) await new Promise(resolve => { setImmediate(resolve) })
}

describe('the inbound rule', () => {
  it('follows this computer by the timer, and no rule of the user\'s is touched', async () => {
    const { ports, manager, admitted, move } = await running()
    ports.fakeClock.pass(6 * 60_000)
    await settled()
    move('203.0.113.7/32')
    ports.fakeClock.pass(6 * 60_000)
    await settled()
    expect(admitted()).toEqual(['198.51.100.9/32', '203.0.113.7/32'])
    await manager.stop()
  })

  it('asks EC2 nothing while the address stays', async () => {
    const { ports, manager, shared } = await running()
    ports.fakeClock.pass(6 * 60_000)
    await settled()
    shared.cloud.calls.length = 0
    for (let n = 0; n < 10; n += 1) {
      ports.fakeClock.pass(6 * 60_000)
      await settled()
    }
    expect(shared.cloud.calls.filter(call => call !== 'instances')).toEqual([])
    await manager.stop()
  })

  it('is looked at when the manager starts', async () => {
    const { shared, manager, admitted } = await running()
    await manager.stop()
    const next = await startManager(fakePorts({ ...shared, ownAddress: async () => '203.0.113.8/32' }))
    await settled()
    expect(admitted()).toEqual(['198.51.100.9/32', '203.0.113.8/32'])
    await next.stop()
  })

  it('is looked at when a node does not answer, and then the node is tried again', async () => {
    const { shared, manager, admitted, move } = await running()
    const [slave] = (await manager.handlers['networks.get']({ name: 'demo' }, context)).instances.slice(1)
    move('203.0.113.9/32')
    shared.fakeSsh.refuse = () => admitted().includes('203.0.113.9/32') ? null
      : new RmadaError('SSH_UNREACHABLE', 'No answer.', { suggestion: '' })
    expect(await manager.handlers['networks.exec']({ name: 'demo', instance: slave?.id ?? '', command: 'true' }, context))
      .toMatchObject({ exitCode: 0 })
    expect(admitted()).toEqual(['198.51.100.9/32', '203.0.113.9/32'])
    await manager.stop()
  })

  it('stays where another computer\'s networks are concerned', async () => {
    const { shared, manager, admitted } = await running()
    await manager.stop()
    const stranger = await startManager(fakePorts({ cloud: shared.cloud, ownAddress: async () => '203.0.113.5/32' }))
    await stranger.handlers['networks.plan']({ region: 'practice-1' }, context)
    await settled()
    expect(admitted()).toEqual(['192.0.2.200/32', '198.51.100.9/32'])
    await stranger.stop()
  })
})
