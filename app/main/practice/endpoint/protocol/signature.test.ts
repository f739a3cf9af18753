import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { describe, expect, it } from 'vitest'
import { verifySignature, type SignedRequest } from './signature.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const now = new Date('2026-03-04T05:06:07Z')

/** The hash that Smithy's signer wants, from Node's own. */
class Sha256 {
  #hash
  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer)
  }
  update(data: Uint8Array | string) {
    this.#hash.update(data)
  }
  async digest() {
    return new Uint8Array(this.#hash.digest())
  }
  reset() {}
}

/** Signed by AWS's own signer: nothing of ours has a say in what is right. */
async function signed(
  options: {
    body?: string
    query?: Record<string, string>
    secret?: string
    service?: string
    region?: string
    at?: Date
    presign?: number
  } = {}
): Promise<SignedRequest> {
  const signer = new SignatureV4({
    service: options.service ?? 'ec2',
    region: options.region ?? 'practice-1',
    sha256: Sha256,
    credentials: { ...credentials, ...(options.secret ? { secretAccessKey: options.secret } : {}) }
  })
  const request = {
    method: options.presign ? 'GET' : 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 8080,
    path: '/',
    query: options.query ?? {},
    headers: {
      host: '127.0.0.1:8080',
      ...(options.presign ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'x-spaces': '  a   b ' })
    },
    ...(options.body === undefined ? {} : { body: options.body })
  }
  const signingDate = options.at ?? now
  const result = options.presign
    ? await signer.presign(request, { signingDate, expiresIn: options.presign })
    : await signer.sign(request, { signingDate })
  return {
    method: result.method,
    path: result.path,
    headers: result.headers,
    body: Buffer.from(options.body ?? ''),
    query: new URLSearchParams(
      Object.entries(result.query ?? {}).map(([name, value]): [string, string] => [name, String(value)])
    )
  }
}
const verify = (request: SignedRequest, at = now) => verifySignature(request, credentials, 'practice-1', at)
const refusal = (request: SignedRequest, at = now) => {
  try {
    return verify(request, at) && 'accepted'
  } catch (error) {
    return (error as { code?: string }).code
  }
}
const body = 'Action=RunInstances&Version=2016-11-15&UserData=a%2Bb%3D&Name=%C3%A4%20%2A'

describe('verifySignature', () => {
  it("accepts what AWS's signer signs, in header and query, for EC2 and STS", async () => {
    expect(verify(await signed({ body }))).toBe('ec2')
    expect(verify(await signed({ body, service: 'sts' }))).toBe('sts')
    const query = { Action: 'DescribeRegions', Name: "ä !'()*~+&=", B: '', A: '2' }
    expect(verify(await signed({ query }))).toBe('ec2')
    expect(verify(await signed({ query, presign: 60 }))).toBe('ec2')
  })

  it('refuses a change of anything that was signed', async () => {
    const good = await signed({ body })
    expect(refusal({ ...good, body: Buffer.from(body.replace('2016', '2017')) })).toBe('SignatureDoesNotMatch')
    expect(refusal({ ...good, method: 'GET' })).toBe('SignatureDoesNotMatch')
    expect(refusal({ ...good, query: new URLSearchParams('DryRun=false') })).toBe('SignatureDoesNotMatch')
    expect(refusal({ ...good, headers: { ...good.headers, host: 'localhost:8080' } })).toBe('SignatureDoesNotMatch')
    const { 'x-spaces': _, ...fewer } = good.headers
    expect(refusal({ ...good, headers: fewer })).toBe('SignatureDoesNotMatch')
    const header = String(good.headers.authorization)
    for (const signature of ['', '0'.repeat(64), 'ä'.repeat(64), '0'.repeat(63)]) {
      const authorization = header.replace(/Signature=.*/, `Signature=${signature}`)
      expect(refusal({ ...good, headers: { ...good.headers, authorization } })).toMatch(
        /^(?:SignatureDoesNotMatch|IncompleteSignature)$/
      )
    }
  })

  it('refuses another secret, key, region, service and a session token', async () => {
    expect(refusal(await signed({ body, secret: 'another' }))).toBe('SignatureDoesNotMatch')
    expect(refusal(await signed({ body, region: 'eu-west-1' }))).toBe('SignatureDoesNotMatch')
    expect(refusal(await signed({ body, service: 's3' }))).toBe('SignatureDoesNotMatch')
    const good = await signed({ body })
    const authorization = String(good.headers.authorization).replace('AKIDEXAMPLE', 'AKIDANOTHER')
    expect(refusal({ ...good, headers: { ...good.headers, authorization } })).toBe('AuthFailure')
    expect(refusal({ ...good, headers: { ...good.headers, 'x-amz-security-token': 'x' } })).toBe('AuthFailure')
  })

  it('refuses what is too old, too new or expired', async () => {
    const good = await signed({ body })
    const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
    expect(refusal(good, later(14))).toBe('accepted')
    expect(refusal(good, later(16))).toBe('RequestExpired')
    expect(refusal(good, later(-16))).toBe('RequestExpired')
    const presigned = await signed({ query: { Action: 'DescribeRegions' }, presign: 3600 })
    expect(refusal(presigned, later(59))).toBe('accepted')
    expect(refusal(presigned, later(61))).toBe('RequestExpired')
  })

  it('refuses what is unsigned or half signed', async () => {
    const good = await signed({ body })
    const withHeader = (authorization: string | undefined) =>
      refusal({ ...good, headers: { ...good.headers, authorization } })
    expect(withHeader(undefined)).toBe('MissingAuthenticationToken')
    expect(withHeader('Basic dXNlcjpwYXNz')).toBe('IncompleteSignature')
    expect(withHeader('AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE')).toBe('IncompleteSignature')
    expect(withHeader(String(good.headers.authorization).replace('/ec2/', '/'))).toBe('IncompleteSignature')
    expect(withHeader(String(good.headers.authorization).replace('host;', ''))).toBe('IncompleteSignature')
    const { 'x-amz-date': _, ...undated } = good.headers
    expect(refusal({ ...good, headers: undated })).toBe('IncompleteSignature')
  })
})
