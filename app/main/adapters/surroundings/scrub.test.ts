import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { scrub } from './scrub.ts'

describe('scrub', () => {
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    .replaceAll('PRIVATE', 'OPENSSH PRIVATE')
  it.each([
    ['an access key id', 'as AKIAIOSFODNN7EXAMPLE did', 'AKIAIOSFODNN7EXAMPLE'],
    ['a session\'s key id', 'ASIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPLE'],
    ['a bare secret access key', 'got wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY back', 'wJalrXUtnFEMI'],
    ['a secret in JSON', '{"secretAccessKey":"short-secret"}', 'short-secret'],
    ['a secret in the environment', 'AWS_SECRET_ACCESS_KEY=short-secret', 'short-secret'],
    ['a session token', 'sessionToken: IQoJb3JpZ2luX2VjEXAMPLE', 'IQoJb3'],
    ['a signature of a query', 'https://x/?X-Amz-Signature=abcdef0123456789&b=1', 'abcdef0123456789'],
    ['a password', 'password="correct horse"', 'correct'],
    ['a short password', 'password=abc', 'abc'],
    ['a bearer token', 'authorization: Bearer abc.def', 'abc.def'],
    ['a network\'s secret', `secret is ${'0a'.repeat(32)}.`, '0a0a'],
    ['a private key', `before ${key} after`, key.split('\n')[1] ?? ''],
    ['a private key that is cut off', key.slice(0, 75), key.split('\n')[1]?.slice(0, 30) ?? '']
  ])('hides %s', (_what, text, secret) => {
    expect(text).toContain(secret)
    expect(scrub(text)).not.toContain(secret)
    expect(scrub(text)).toContain('[hidden]')
  })

  it.each([
    'Network night: 3 instances in eu-central-1 at ip-10-0-0-12.',
    'i-0123456789abcdef0 sg-0123456789abcdef0 ami-0abcdef1234567890',
    'commit 5e5c02e8d1f7a1b2c3d4e5f60718293a4b5c6d7e of the image',
    '/home/ana/.local/share/rmada/networks/n1/record.json',
    'request 11111111-2222-3333-4444-555555555555'
  ])('leaves %j as it is', (text) => expect(scrub(text)).toBe(text))
})
