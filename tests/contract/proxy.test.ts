import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as ask } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createOpenCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import { ordinaryPatience } from '../../app/main/adapters/ec2/retry.ts'
import type { CloudAccess, Connecting } from '../../app/main/core/ports/index.ts'
import { servePractice } from '../../app/main/practice/endpoint/serve.ts'
import type { PracticeEndpoint } from '../../app/main/practice/endpoint/serve.ts'
import { startProxy } from './fixtures/proxy.ts'
import { temporaryFolders } from './fixtures/temporary.ts'

const folder = temporaryFolders()
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

let state: string
let practice: PracticeEndpoint
let access: CloudAccess
beforeAll(async () => {
  practice = await servePractice({ stateDirectory: (state = await mkdtemp(join(tmpdir(), 'rmada-proxy-'))), backend: 'none', port: 0, log: () => {} })
  const { endpoint, region, accessKeyId, secretAccessKey } = practice
  access = { region, endpoint, profile: null, credentials: { accessKeyId, secretAccessKey } }
})
afterAll(async () => {
  await practice.close({ powerOff: true })
  await rm(state, { recursive: true, force: true })
})

// The practice endpoint is on this computer, which is never asked through a proxy; here it must be.
const through = (environment: Record<string, string> = {}) =>
  createOpenCloud(ordinaryPatience, { environment, bypass: '' })
const connecting = (proxy: Connecting['proxy']): Connecting => ({ proxy, connectMs: 2000, answerMs: 5000, retries: 0 })

async function proxied(signIn: Parameters<typeof startProxy>[0] = null) {
  const proxy = await startProxy(signIn)
  cleanups.push(proxy.close)
  return proxy
}

describe('calls through a proxy', () => {
  it('go by whole addresses to an http endpoint, for EC2 and STS alike', async () => {
    const { port, seen } = await proxied()
    const cloud = through()({ ...access, connecting: connecting({ host: '127.0.0.1', port, user: null, password: null }) })
    expect(await cloud.zones()).toHaveLength(3)
    expect((await cloud.identity()).account).toMatch(/^\d{12}$/)
    expect(seen.length).toBeGreaterThanOrEqual(2)
    expect(new Set(seen)).toEqual(new Set([`POST ${access.endpoint}`]))
  })

  it('go through a CONNECT tunnel to an https endpoint, with name and password', async () => {
    const secure = await startSecure(practice.endpoint)
    cleanups.push(secure.close)
    const { port, seen } = await proxied({ user: 'ana', password: 'p@ss:w%rd' })
    const proxy = { host: '127.0.0.1', port, user: 'ana', password: 'p@ss:w%rd' }
    const cloud = through()({ ...access, endpoint: secure.endpoint, connecting: connecting(proxy) })
    expect(await cloud.zones()).toHaveLength(3)
    expect(seen).toContain(`CONNECT 127.0.0.1:${new URL(secure.endpoint).port}`)
  })

  it('are told apart: a wrong password, no proxy there, a proxy that reaches nothing', async () => {
    const { port } = await proxied({ user: 'ana', password: 'right' })
    const refused = through()({
      ...access, connecting: connecting({ host: '127.0.0.1', port, user: 'ana', password: 'wrong-secret' })
    })
    const error = await refused.zones().catch((raised: unknown) => raised)
    expect(error).toMatchObject({ code: 'PROXY_FAILED', message: expect.stringContaining('name and password') })
    expect(JSON.stringify(error)).not.toContain('wrong-secret')

    const gone = await startProxy()
    await gone.close()
    await expect(
      through()({ ...access, connecting: connecting({ host: '127.0.0.1', port: gone.port, user: null, password: null }) })
        .zones()
    ).rejects.toMatchObject({ code: 'PROXY_FAILED', message: expect.stringContaining(`127.0.0.1:${gone.port}`) })

    const open = await proxied()
    const nowhere = { ...access, endpoint: 'https://127.0.0.1:9', connecting: connecting(null) }
    await expect(through({ HTTPS_PROXY: `http://127.0.0.1:${open.port}` })(nowhere).zones())
      .rejects.toMatchObject({ code: 'PROXY_FAILED' })
  })

  it('take the proxy of the environment, unless NO_PROXY or the address itself forbids it', async () => {
    const { port, seen } = await proxied()
    const HTTP_PROXY = `http://127.0.0.1:${port}`
    await through({ HTTP_PROXY })(access).zones()
    expect(seen).toHaveLength(1)
    await through({ HTTP_PROXY, NO_PROXY: 'example.org,127.0.0.1' })(access).zones()
    await createOpenCloud(ordinaryPatience, { environment: { HTTP_PROXY }, bypass: '127.0.0.1-127.255.255.255' })(
      access
    ).zones()
    expect(seen).toHaveLength(1)
  })
})

/** The practice endpoint behind TLS, as AWS's are; its certificate is trusted in this process alone. */
async function startSecure(endpoint: string) {
  const directory = await folder('tls')
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
    '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const trusted = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...trusted, readFileSync(cert, 'utf8')])
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, response) => {
    const onward = ask(endpoint, { method: incoming.method, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        tls.setDefaultCACertificates(trusted)
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
