import { describe, expect, it } from 'vitest'
import { context, ended, launch, startManager } from '../testing/drive.ts'
import { fakePorts } from '../testing/fake-ports.ts'

async function running() {
  const ports = fakePorts()
  const manager = await startManager(ports)
  await launch(manager)
  return { ports, manager, handlers: manager.handlers }
}

describe('the evaluator', () => {
  it('is reached by one forward for all, which the last one closes', async () => {
    const { ports, manager, handlers } = await running()
    const a = await handlers['evaluator.connect']({ name: 'demo' }, context)
    const b = await handlers['evaluator.connect']({ name: 'DEMO' }, context)
    expect(a).toMatchObject({ host: '127.0.0.1', user: 'ec2-user', master: expect.stringContaining('192.0.2.') })
    expect(a.secret).toMatch(/^[0-9a-f]{64}$/)
    expect(b.port).toBe(a.port)
    expect(await handlers['evaluator.eval']({ name: 'demo', expression: '1+1' }, context))
      .toMatchObject({ value: '[1] 1+1' })
    await handlers['evaluator.disconnect']({ name: 'demo' }, context)
    expect(ports.fakeSsh.takenPorts.has(a.port)).toBe(true)
    await handlers['evaluator.disconnect']({ name: 'demo' }, context)
    expect(ports.fakeSsh.takenPorts.has(a.port)).toBe(false)
    // Once too often does no harm.
    await handlers['evaluator.disconnect']({ name: 'demo' }, context)
    await manager.stop()
  })

  it('gives errors of R back as such, and its forward too', async () => {
    const { ports, manager, handlers } = await running()
    const before = ports.fakeSsh.takenPorts.size
    await expect(handlers['evaluator.eval']({ name: 'demo', expression: 'stop("no")' }, context))
      .rejects.toMatchObject({ code: 'EVALUATION_FAILED' })
    expect(ports.fakeSsh.takenPorts.size).toBe(before)
    await manager.stop()
  })

  it('is reached anew after its connection broke', async () => {
    const { ports, manager, handlers } = await running()
    const a = await handlers['evaluator.connect']({ name: 'demo' }, context)
    for (const connection of ports.fakeSsh.open) await connection.close()
    const b = await handlers['evaluator.connect']({ name: 'demo' }, context)
    expect(b.port).not.toBe(a.port)
    await manager.stop()
  })
})

describe('the web IDE', () => {
  it('opens on RStudio\'s port, with its token, or the next free one', async () => {
    const { ports, manager, handlers } = await running()
    ports.fakeSsh.takenPorts.add(8787)
    const ide = await handlers['ide.open']({ name: 'demo' }, context)
    expect(ide).toMatchObject({ kind: 'jupyter', port: 8788,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8788\/\?token=[0-9a-f]{64}$/) })
    expect(ide.signIn).toBeUndefined()
    await handlers['ide.close']({ name: 'demo' }, context)
    expect(ports.fakeSsh.takenPorts.has(8788)).toBe(false)
    await manager.stop()
  })

  it('that is RStudio Server comes with what to type at its sign-in page', async () => {
    const { ports, manager, handlers } = await running()
    ports.fakeSsh.before = (_id, command) => command.includes('ide.sh')
      ? { stdout: '{"kind":"rstudio","port":5003,"pid":3}\n', stderr: '', exitCode: 0 }
      : null
    const ide = await handlers['ide.open']({ name: 'demo' }, context)
    expect(ide).toMatchObject({ kind: 'rstudio', url: 'http://127.0.0.1:8787/', signIn: { user: 'ec2-user' } })
    await manager.stop()
  })
})

describe('a reboot', () => {
  it('waits for a new boot of every node, and brings the services up', async () => {
    const { ports, manager, handlers } = await running()
    const { port } = await handlers['evaluator.connect']({ name: 'demo' }, context)
    let reboots = 0
    ports.cloud.before = method => {
      if (method !== 'rebootInstances') return
      reboots += 1
      // Machines go down some time after the call that asks for it.
      void ports.fakeClock.sleep(3000).then(() => ports.fakeSsh.reboot())
    }
    const asked = ports.fakeSsh.commands.length
    const task = await ended(manager, await handlers['networks.reboot']({ name: 'demo' }, context))
    expect(task).toMatchObject({ state: 'succeeded', error: null })
    expect(reboots).toBe(1)
    const commands = ports.fakeSsh.commands.slice(asked)
    expect(commands.filter(command => command.includes('boot_id')).length).toBeGreaterThan(4)
    expect(commands.filter(command => command.includes('evaluator.sh start'))).toHaveLength(1)
    expect(ports.fakeSsh.takenPorts.has(port)).toBe(false)
    expect(await handlers['networks.get']({ name: 'demo' }, context)).toMatchObject({ status: 'running' })
    await manager.stop()
  })

  it('that fails leaves the network with the reason, and still rented', async () => {
    const { ports, manager, handlers } = await running()
    const task = await ended(manager, await handlers['networks.reboot']({ name: 'demo' }, context))
    expect(task.error).toMatchObject({ code: 'TIMEOUT',
      stillRented: expect.arrayContaining([expect.objectContaining({ kind: 'instance' })]) })
    expect(await handlers['networks.get']({ name: 'demo' }, context))
      .toMatchObject({ status: 'services-not-running', message: task.error?.message })
    expect(ports.cloud.alive()).toHaveLength(2)
    await manager.stop()
  })
})

describe('what happens to machines behind our back', () => {
  it('is seen by the timer', async () => {
    const { ports, manager, handlers } = await running()
    const [id] = ports.cloud.machines.keys()
    if (!id) throw new Error('There are machines')
    ports.cloud.setState(id, 'terminated', 'Server.SpotInstanceTermination')
    const seen = Promise.withResolvers<string>()
    const abort = new AbortController()
    const watching = (async () => {
      for await (const event of handlers['networks.watch']({}, { audience: 'gui', signal: abort.signal })) {
        if (event.kind === 'changed' && event.item.status === 'failed') seen.resolve(event.item.message)
      }
    })()
    ports.fakeClock.pass(60_000)
    expect(await seen.promise).toContain(`${id} ended (Server.SpotInstanceTermination)`)
    abort.abort()
    await watching
    await manager.stop()
  })
})

describe('shell commands', () => {
  it('run on the master, or on the node that is named, whose connection goes again', async () => {
    const { ports, manager, handlers } = await running()
    const { instances } = await handlers['networks.get']({ name: 'demo' }, context)
    ports.fakeSsh.before = (id, command) => command === 'id' ? { stdout: id, stderr: 'e', exitCode: 7 } : null
    const open = ports.fakeSsh.open.size
    expect(await handlers['networks.exec']({ name: 'demo', command: 'id' }, context))
      .toEqual({ stdout: instances[0]?.id, stderr: 'e', exitCode: 7 })
    const slave = instances[1]?.id ?? ''
    expect(await handlers['networks.exec']({ name: 'demo', instance: slave, command: 'id' }, context))
      .toMatchObject({ stdout: slave })
    expect(ports.fakeSsh.open.size).toBe(open)
    await manager.stop()
  })
})
