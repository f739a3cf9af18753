import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createDispatch } from '../../app/main/transports/dispatch.ts'
import { serveHttp } from '../../app/main/transports/http/server.ts'
import type { HttpServer } from '../../app/main/transports/http/server.ts'
import { createStubHandlers } from '../support/stub-handlers.ts'
import { identity, signIn } from '../support/transport-faces.ts'

let folder: string
let server: HttpServer
let ready: boolean
beforeEach(async () => {
  ready = true
  folder = mkdtempSync(join(tmpdir(), 'rmada-http-'))
  mkdirSync(join(folder, 'renderer/assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'outside')
  writeFileSync(join(folder, 'renderer/index.html'), '<title>Rmada</title>')
  writeFileSync(join(folder, 'renderer/assets/index-1.js'), 'export {}')
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'renderer/link.txt'))
  server = await serveHttp({
    dispatch: createDispatch(createStubHandlers().handlers, () => undefined), identity,
    directory: join(folder, 'renderer'), token: 'the-token', isReady: () => ready
  })
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

interface Answer { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

/** As it is: fetch would tidy up the path and refuse the Host header. */
function get(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => { body += chunk.toString() })
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, body }) })
    }).on('error', reject).end()
  })
}

/** The status that the server answers an upgrade with; 101 when it lets the socket in. */
function upgrade(headers: Record<string, string>, path = '/rpc'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
    socket.on('open', () => { resolve(101); socket.terminate() })
    socket.on('unexpected-response', (_request, response) => { resolve(response.statusCode ?? 0); socket.terminate() })
    socket.on('error', () => undefined)
  })
}

describe('the key of this run', () => {
  it('is swapped for a cookie and leaves the address bar', async () => {
    const { status, headers } = await get('/?token=the-token')
    expect([status, headers.location]).toEqual([303, '/'])
    expect(headers['set-cookie']).toEqual([`rmada-${server.port}=the-token; HttpOnly; SameSite=Strict; Path=/`])
    const page = await get('/', { cookie: `rmada-${server.port}=the-token` })
    expect([page.status, page.body, page.headers['content-type']]).toEqual([
      200,
      '<title>Rmada</title>',
      'text/html; charset=utf-8'
    ])
  })

  it.each([
    ['no key', '/', {}],
    ['a wrong key', '/?token=the-tokem', {}],
    ['an empty key', '/?token=', {}],
    ['a wrong cookie', '/', { cookie: 'rmada-0=the-token' }],
    ['no key for a script', '/assets/index-1.js', {}],
    ['a rebound host name', '/?token=the-token', { host: 'evil.test' }],
    ['another port in Host', '/?token=the-token', { host: '127.0.0.1:1' }],
    ['a foreign origin', '/?token=the-token', { origin: 'http://evil.test' }],
    ['no page as origin', '/?token=the-token', { origin: 'null' }]
  ])('%s: 403, and nothing is told', async (_what, path, headers) => {
    const answer = await get(path, headers)
    expect(answer.status).toBe(403)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.body).toMatch(/^This address belongs to Rmada/)
  })
})

describe('with the cookie', () => {
  const withCookie = (): OutgoingHttpHeaders => ({ cookie: `rmada-${server.port}=the-token` })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%5c..%5c..%5csecret.txt',
    '//../secret.txt',
    '/link.txt',
    '/%00',
    '/%',
    '/assets',
    '/no-such-file',
    '/index.html/..%2f..%2fsecret.txt'
  ])('%s is no page', async (path) => {
    const { status, body } = await get(path, withCookie())
    expect(status).toBe(404)
    expect(body).not.toContain('outside')
  })

  it('only reads are served', async () => {
    expect((await get('/', withCookie(), 'POST')).status).toBe(405)
    expect((await get('/', withCookie(), 'DELETE')).status).toBe(405)
    expect(await get('/', withCookie(), 'HEAD')).toMatchObject({ status: 200, body: '' })
  })

  it('a malformed address does not end the server', async () => {
    expect((await get('//', withCookie())).status).toBeGreaterThanOrEqual(400)
    expect((await get('/', withCookie())).status).toBe(200)
  })

  it('every answer forbids foreign and inline scripts, framing and sniffing', async () => {
    for (const path of ['/', '/nothing', '/?token=wrong']) {
      const { headers } = await get(path, withCookie())
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'; script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy.replace("style-src 'self' 'unsafe-inline'", '')).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })
})

describe('the WebSocket', () => {
  it('lets a signed-in page in', async () => {
    expect(await upgrade(await signIn(server.url))).toBe(101)
  })

  it.each([
    ['without cookie', { cookie: '' }],
    ['with a wrong cookie', { cookie: 'rmada=the-token' }],
    ['from a foreign origin', { origin: 'http://evil.test' }],
    ['without origin', { origin: undefined }],
    ['under a rebound host name', { host: 'evil.test' }]
  ])('%s: 403', async (_what, change) => {
    const headers = Object.entries({ ...(await signIn(server.url)), ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined
    )
    expect(await upgrade(Object.fromEntries(headers))).toBe(403)
  })

  it('is nowhere but at /rpc, and turns windows away while the manager is gone', async () => {
    expect(await upgrade(await signIn(server.url), '/other')).toBe(403)
    ready = false
    expect(await upgrade(await signIn(server.url))).toBe(503)
  })

  it('serves windows only', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers: await signIn(server.url) })
    socket.on('open', () => {
      socket.send(
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'hello', params: { protocol: 1, client: 'cli', version: '0' } })
      )
    })
    const answer = await new Promise<string>((resolve) => {
      socket.on('message', (data) => {
        resolve((data as Buffer).toString())
      })
    })
    expect(JSON.parse(answer)).toMatchObject({ error: { data: { code: 'NOT_AUTHORIZED' } } })
    await new Promise((resolve) => { socket.on('close', resolve) })
  })

  it('a message over 8 MiB ends the connection with code 1009, and others are still served', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers: await signIn(server.url) })
    socket.on('error', () => undefined)
    socket.on('open', () => { socket.send(Buffer.alloc(9 * 1024 * 1024, 'x')) })
    expect(await new Promise((resolve) => { socket.on('close', resolve) })).toBe(1009)
    expect(await upgrade(await signIn(server.url))).toBe(101)
  })
})

it('listens on loopback alone', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry && !entry.internal && entry.family === 'IPv4')?.address
  if (outside === undefined) return
  await expect(
    new Promise((resolve, reject) => {
      connect(server.port, outside).on('connect', resolve).on('error', reject)
    })
  ).rejects.toThrow('ECONNREFUSED')
})
