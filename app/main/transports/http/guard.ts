import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What the endpoint demands of a request, for its port and the token of this run. */
export interface Guard {
  /** Host is ours and Origin, where a browser sends one, too: neither a rebound name nor a foreign page gets in. */
  isOurs(request: IncomingMessage): boolean
  /** The request carries the cookie of this run. */
  hasCookie(request: IncomingMessage): boolean
  isToken(token: string | null): boolean
  /** Value of Set-Cookie. */
  readonly cookie: string
}

const names = ['127.0.0.1', 'localhost'] as const

function equal(given: string, wanted: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && timingSafeEqual(a, b)
}

export function createGuard(port: number, token: string): Guard {
  const hosts = new Set<string>(names.map((name) => `${name}:${port}`))
  const origins = new Set<string>(names.map((name) => `http://${name}:${port}`))
  // Cookies know no ports: the name keeps two runs on one computer apart.
  const cookieName = `rmada-${port}`
  return {
    isOurs({ headers }) {
      if (!hosts.has(headers.host ?? '')) return false
      return headers.origin === undefined || origins.has(headers.origin)
    },
    hasCookie({ headers }) {
      return (headers.cookie ?? '').split(';').some((part) => {
        const [name, value] = part.trim().split('=')
        return name === cookieName && equal(value ?? '', token)
      })
    },
    isToken: (given) => given !== null && equal(given, token),
    cookie: `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`
  }
}
