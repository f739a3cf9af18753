import { describe, expect, it } from 'vitest'
import { fakePorts } from '../testing/fake-ports.ts'
import { Connection } from './connection.ts'

function make(environment: Record<string, string> = {}) {
  const ports = fakePorts({ environment })
  return { ports, connection: new Connection(ports) }
}
const proxy = { host: 'proxy.example.org', port: 3128, user: 'ana', password: 'hidden' }

describe('the connection settings', () => {
  it('give the password to the cloud adapter and to nobody else', async () => {
    const { ports, connection } = make()
    await connection.set({ proxy })
    expect(await connection.get()).toMatchObject({
      proxy: { host: 'proxy.example.org', port: 3128, user: 'ana', password: true }
    })
    expect((await connection.connecting()).proxy?.password).toBe('hidden')
    expect(JSON.stringify([await connection.get(), ports.settings.read()])).not.toContain('hidden')
  })

  it('keep the password of the same proxy, and never show it to another', async () => {
    const { connection } = make()
    await connection.set({ proxy })
    await connection.set({ proxy: { host: proxy.host, port: 8080, user: 'ana' } })
    expect((await connection.connecting()).proxy).toMatchObject({ port: 8080, password: 'hidden' })
    await connection.set({ proxy: { host: 'other.example.org', port: 8080, user: 'ana' } })
    expect((await connection.connecting()).proxy?.password).toBeNull()
    await connection.set({ proxy })
    await connection.set({ proxy: null })
    await connection.set({ proxy: { host: proxy.host, port: 3128, user: 'ana' } })
    expect((await connection.connecting()).proxy?.password).toBeNull()
  })

  it('change what is named and leave the rest', async () => {
    const { connection } = make()
    await connection.set({ proxy, retries: 5 })
    await connection.set({ answerSeconds: 20 })
    expect(await connection.connecting()).toMatchObject({ retries: 5, answerMs: 20_000, connectMs: 3_000 })
    expect((await connection.get()).proxy?.host).toBe('proxy.example.org')
  })

  it("show the environment's proxy without its password", async () => {
    const { connection } = make({ HTTPS_PROXY: 'http://ana:hidden@proxy.corp.example:3128/' })
    expect((await connection.get()).environmentProxy).toBe('proxy.corp.example:3128')
  })

  it.each([
    ['a host with a scheme', { proxy: { ...proxy, host: 'http://proxy' } }],
    ['an empty host', { proxy: { ...proxy, host: '' } }],
    ['a host of 10 kB', { proxy: { ...proxy, host: 'h'.repeat(10_000) } }],
    ['a port of 0', { proxy: { ...proxy, port: 0 } }],
    ['half a port', { proxy: { ...proxy, port: 80.5 } }],
    ['no number as port', { proxy: { ...proxy, port: Number.NaN } }],
    ['a user of 10 kB', { proxy: { ...proxy, user: 'u'.repeat(10_000) } }],
    ['a password of 10 kB', { proxy: { ...proxy, password: 'p'.repeat(10_000) } }],
    ['no time at all', { connectSeconds: 0 }],
    ['a day for an answer', { answerSeconds: 86_400 }],
    ['less than no retries', { retries: -1 }]
  ])('refuse %s and keep what was', async (_what, change) => {
    const { connection } = make()
    const before = await connection.get()
    await expect(connection.set(change)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await connection.get()).toEqual(before)
  })
})
