import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { createGuard } from './guard.ts'

const guard = createGuard(4321, 'secret')
const request = (headers: IncomingHttpHeaders) => ({ headers }) as IncomingMessage

it.each([
  [{ host: '127.0.0.1:4321' }, true],
  [{ host: 'localhost:4321', origin: 'http://localhost:4321' }, true],
  [{ host: '127.0.0.1:4321', origin: 'http://127.0.0.1:4321' }, true],
  [{ host: '127.0.0.1:9999' }, false],
  [{ host: 'evil.test:4321' }, false],
  [{ host: '127.0.0.1.evil.test:4321' }, false],
  [{}, false],
  [{ host: '127.0.0.1:4321', origin: 'http://evil.test' }, false],
  [{ host: '127.0.0.1:4321', origin: 'http://127.0.0.1:9999' }, false],
  [{ host: '127.0.0.1:4321', origin: 'https://127.0.0.1:4321' }, false],
  [{ host: '127.0.0.1:4321', origin: 'null' }, false]
])('%j is ours: %s', (headers, ours) => {
  expect(guard.isOurs(request(headers))).toBe(ours)
})

it.each([
  ['rmada-4321=secret', true],
  ['other=1; rmada-4321=secret', true],
  ['rmada-4321=secre', false],
  ['rmada-4321=', false],
  ['rmada-4322=secret', false],
  ['', false],
  [undefined, false]
])('cookie %j signs in: %s', (cookie, signedIn) => {
  expect(guard.hasCookie(request(cookie === undefined ? {} : { cookie }))).toBe(signedIn)
})

it('the cookie is out of reach of scripts and of other sites', () => {
  expect(guard.cookie).toBe('rmada-4321=secret; HttpOnly; SameSite=Strict; Path=/')
})
