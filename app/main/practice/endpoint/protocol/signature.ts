import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Ec2Error } from './error.ts'

export interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const queryServices = ['ec2', 'sts'] as const
const jsonServices = ['ssm', 'pricing', 'servicequotas'] as const

/** Services that speak EC2's Query protocol, and those that speak JSON, by the names that requests are signed for. */
export type QueryServiceName = (typeof queryServices)[number]
export type JsonServiceName = (typeof jsonServices)[number]
export type ServiceName = QueryServiceName | JsonServiceName

export const isJsonService = (service: string): service is JsonServiceName => jsonServices.some((name) => name === service)
const isService = (service: string): service is ServiceName =>
  isJsonService(service) || queryServices.some((name) => name === service)

/** The claims of a signature, wherever they stood: in the Authorization header or in a presigned query. */
interface Claims {
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly service: ServiceName
  readonly terminator: string
  readonly time: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** Seconds that a presigned request stays good; null for a header signature. */
  readonly expires: number | null
}

const algorithm = 'AWS4-HMAC-SHA256'
const mostSkewMs = 15 * 60_000
const mostExpiresSeconds = 604_800

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

const incomplete = (why: string) => new Ec2Error('IncompleteSignature', why)
const refused = () => new Ec2Error('AuthFailure', 'AWS was not able to validate the provided access credentials', 401)
const mismatch = (why: string) => new Ec2Error('SignatureDoesNotMatch', why, 403)

/**
 * Checks a Signature Version 4, in header or presigned-query form, against the only credentials there are. Raises EC2's
 * own refusals: MissingAuthenticationToken, IncompleteSignature, AuthFailure, RequestExpired, SignatureDoesNotMatch.
 *
 * @returns the service that the request was signed for
 */
export function verifySignature(
  request: SignedRequest,
  credentials: Credentials,
  region: string,
  now: Date
): ServiceName {
  const presigned = request.query.has('X-Amz-Signature')
  const claims = presigned ? claimsOfQuery(request.query) : claimsOfHeader(request.headers)
  if (claims.accessKeyId !== credentials.accessKeyId) throw refused()
  // Practice credentials are long-lived; a session token belongs to other credentials.
  if (request.headers['x-amz-security-token'] !== undefined || request.query.has('X-Amz-Security-Token'))
    throw refused()
  checkScope(claims, region)
  checkTime(claims, now)
  const expected = signatureOf(request, claims, credentials.secretAccessKey, presigned)
  const wellFormed = /^[0-9a-f]{64}$/.test(claims.signature)
  if (!wellFormed || !timingSafeEqual(Buffer.from(claims.signature, 'hex'), expected)) {
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret ' +
        'Access Key and signing method. Consult the service documentation for details.'
    )
  }
  return claims.service
}

/** The access key id that a request names, whether or not it is its own. */
export function claimedKey(request: SignedRequest): string {
  const presigned = request.query.has('X-Amz-Signature')
  return (presigned ? claimsOfQuery(request.query) : claimsOfHeader(request.headers)).accessKeyId
}

function claimsOfHeader(headers: IncomingHttpHeaders): Claims {
  const header = headers.authorization
  if (header === undefined)
    throw new Ec2Error('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
  const [scheme, ...rest] = header.split(' ')
  if (scheme !== algorithm) throw incomplete(`Authorization header requires the algorithm ${algorithm}`)
  const parts = new Map(
    rest
      .join('')
      .split(',')
      .map((part) => {
        const [name = '', ...value] = part.trim().split('=')
        return [name, value.join('=')] as const
      })
  )
  const part = (name: string) => {
    const value = parts.get(name)
    if (!value) throw incomplete(`Authorization header requires '${name}' parameter.`)
    return value
  }
  const time = headers['x-amz-date']
  if (typeof time !== 'string') throw incomplete("Authorization header requires existence of an 'X-Amz-Date' header.")
  return {
    ...readCredential(part('Credential')),
    time,
    signedHeaders: part('SignedHeaders').split(';'),
    signature: part('Signature'),
    expires: null
  }
}

function claimsOfQuery(query: URLSearchParams): Claims {
  const part = (name: string) => {
    const value = query.get(name)
    if (!value) throw incomplete(`A presigned request requires the parameter ${name}`)
    return value
  }
  if (part('X-Amz-Algorithm') !== algorithm) throw incomplete(`X-Amz-Algorithm must be ${algorithm}`)
  const expires = Number(part('X-Amz-Expires'))
  if (!Number.isInteger(expires) || expires < 1 || expires > mostExpiresSeconds) {
    throw incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${mostExpiresSeconds}`)
  }
  return {
    ...readCredential(part('X-Amz-Credential')),
    time: part('X-Amz-Date'),
    signedHeaders: part('X-Amz-SignedHeaders').split(';'),
    signature: part('X-Amz-Signature'),
    expires
  }
}

function readCredential(text: string): Pick<Claims, 'accessKeyId' | 'date' | 'region' | 'service' | 'terminator'> {
  const parts = text.split('/')
  const [accessKeyId, date, region, service, terminator] = parts
  if (parts.length !== 5 || !accessKeyId || !date || !region || !service || !terminator) {
    throw incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term')
  }
  if (!isService(service)) throw mismatch(`Credential should be scoped to correct service: 'ec2'.`)
  return { accessKeyId, date, region, service, terminator }
}

function checkScope(claims: Claims, region: string): void {
  if (claims.region !== region) throw mismatch(`Credential should be scoped to a valid region, not '${claims.region}'.`)
  if (claims.terminator !== 'aws4_request')
    throw mismatch("Credential should be scoped with a valid terminator: 'aws4_request'.")
  if (!claims.time.startsWith(claims.date)) {
    throw mismatch(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.`)
  }
  // Without the host in it, a signature could be replayed at another service.
  if (!claims.signedHeaders.includes('host')) throw incomplete("'Host' must be a signed header.")
}

function checkTime(claims: Claims, now: Date): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(claims.time)
  if (!match) throw incomplete('Date must be in ISO-8601 basic format')
  const [, year, month, day, hour, minute, second] = match.map(Number)
  const signed = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
  const age = now.getTime() - signed
  const good = claims.expires === null ? mostSkewMs : claims.expires * 1000
  if (age > good || age < -mostSkewMs) throw new Ec2Error('RequestExpired', 'Request has expired.')
}

function signatureOf(request: SignedRequest, claims: Claims, secret: string, presigned: boolean): Buffer {
  const headers = claims.signedHeaders.map((name) => {
    const value = request.headers[name]
    if (value === undefined) throw mismatch(`The signed header ${name} is missing from the request.`)
    return `${name}:${String(value).trim().replaceAll(/ +/g, ' ')}\n`
  })
  const canonical = [
    request.method,
    request.path,
    canonicalQuery(request.query, presigned),
    headers.join(''),
    claims.signedHeaders.join(';'),
    sha256(request.body)
  ].join('\n')
  const scope = [claims.date, claims.region, claims.service, claims.terminator].join('/')
  const key = [claims.date, claims.region, claims.service, claims.terminator].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${secret}`
  )
  return hmac(key, [algorithm, claims.time, scope, sha256(canonical)].join('\n'))
}

/** The headers that sign a form of the Query protocol for `POST /`, as every client of EC2 makes them. */
export function signedHeaders(
  body: string, host: string, credentials: Credentials, region: string, now: Date
): { readonly authorization: string; readonly 'x-amz-date': string } {
  const time = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const claims: Claims = {
    accessKeyId: credentials.accessKeyId, date: time.slice(0, 8), region, service: 'ec2', terminator: 'aws4_request',
    time, signedHeaders: ['host', 'x-amz-date'], signature: '', expires: null
  }
  const request: SignedRequest = {
    method: 'POST', path: '/', query: new URLSearchParams(), headers: { host, 'x-amz-date': time },
    body: Buffer.from(body)
  }
  const signature = signatureOf(request, claims, credentials.secretAccessKey, false).toString('hex')
  const scope = [claims.date, region, claims.service, claims.terminator].join('/')
  const authorization = `${algorithm} Credential=${credentials.accessKeyId}/${scope}, ` +
    `SignedHeaders=host;x-amz-date, Signature=${signature}`
  return { authorization, 'x-amz-date': time }
}

function canonicalQuery(query: URLSearchParams, presigned: boolean): string {
  const pairs = [...query]
    .filter(([name]) => !presigned || name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
  return pairs
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&')
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Percent-encoding of RFC 3986, which encodes more than encodeURIComponent does. */
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
