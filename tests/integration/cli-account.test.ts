import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'

interface Served {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly restricted: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

let rmada: Rmada
let served: Served
let endServing: () => Promise<void>
beforeAll(async () => {
  rmada = createRmada('none')
  // Nobody's own profiles, and no way to an instance role.
  const home = join(rmada.folder, 'home')
  mkdirSync(join(home, '.aws'), { recursive: true })
  Object.assign(rmada.environment, { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', DBUS_SESSION_BUS_ADDRESS: '' })
  const child = rmada.start(['practice', '--backend', 'none', '--deny', 'RunInstances,ec2:CreateTags', '--json'])
  if (!child.stdout) throw new Error('The practice cloud has no output')
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => { complaint += chunk.toString() })
  const ended = once(child, 'exit').then(() => { throw new Error(`The practice cloud did not start: ${complaint}`) })
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string]
  ended.catch(() => undefined)
  served = JSON.parse(line) as Served
  endServing = async () => {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }
  writeFileSync(
    join(home, '.aws/credentials'),
    `[lab]\naws_access_key_id = ${served.accessKeyId}\naws_secret_access_key = ${served.secretAccessKey}\n` +
      `[guest]\naws_access_key_id = ${served.restricted.accessKeyId}\n` +
      `aws_secret_access_key = ${served.restricted.secretAccessKey}\n` +
      `[wrong]\naws_access_key_id = ${served.accessKeyId}\naws_secret_access_key = ${'w'.repeat(40)}\n`
  )
})
afterAll(async () => {
  await rmada.close()
  await endServing()
})

const failure = async (args: readonly string[]) => {
  const { code, value } = await rmada.json(args)
  return { exit: code, code: (value as { error?: { code: string } }).error?.code }
}
const there = (...more: string[]) => ['--region', 'practice-1', '--endpoint', served.endpoint, ...more]

describe('whose account it is', () => {
  it('is told before anything is rented, by profile and for the practice cloud', async () => {
    const { code, value } = await rmada.json(['connect', ...there('--profile', 'lab')])
    expect(code).toBe(0)
    expect(value).toMatchObject({ region: 'practice-1', by: 'the profile "lab"', account: expect.stringMatching(/^\d{12}$/) })
    const text = await rmada.run(['account', '--region', 'practice-1'])
    expect(text.stdout).toContain(`account ${(value as { account: string }).account}`)
  })

  it('comes with the permissions that are missing, and with the policy to ask for', async () => {
    expect((await rmada.run(['connect', ...there('--profile', 'guest')])).code).toBe(0)
    const { code, value } = await rmada.json(['account', '--region', 'practice-1', '--permissions'])
    expect(code).toBe(1)
    const { permissions } = value as { permissions: { missing: string[]; policy: string } }
    expect(permissions.missing.toSorted()).toEqual(['ec2:CreateTags', 'ec2:RunInstances'])
    expect(permissions.policy).toContain('"ec2:RunInstances"')
  })
})

describe('an access key', () => {
  const addKey = (name: string, input: string) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/rmada.mjs'), 'accounts', 'add-key', name, '--json'],
        { env: rmada.environment })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
      child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
      child.on('close', (code) => resolve({ code, stdout, stderr }))
      child.stdin.end(input)
    })

  it('is read from standard input, used, shown to nobody and deleted', async () => {
    const added = await addKey('field', `${served.accessKeyId}\n${served.secretAccessKey}\n`)
    expect(added.code).toBe(0)
    expect(JSON.parse(added.stdout)).toMatchObject({ name: 'field', keyEnding: served.accessKeyId.slice(-4) })
    const connected = await rmada.json(['connect', ...there('--key', 'field')])
    expect(connected.value).toMatchObject({ by: 'the stored key "field"' })
    const listed = await rmada.run(['accounts', '--json'])
    for (const text of [added.stdout, added.stderr, JSON.stringify(connected.value), listed.stdout]) {
      expect(text).not.toContain(served.secretAccessKey)
    }
    const log = await new Promise<string>((resolve) =>
      execFile('grep', ['-rlF', served.secretAccessKey, join(rmada.folder, 'data')], (_error, stdout) => resolve(stdout))
    )
    expect(log).toBe('')
    await rmada.run(['connect', ...there('--profile', 'lab')])
    expect((await rmada.json(['accounts', 'delete-key', 'field'])).code).toBe(0)
    expect(await failure(['accounts', 'delete-key', 'field'])).toEqual({ exit: 4, code: 'KEY_UNKNOWN' })
  })

  it('that was not given, or is none, is refused', async () => {
    expect((await addKey('field', '')).code).toBe(2)
    expect((await addKey('field', 'AKIA\nshort\n')).code).toBe(2)
  })
})

describe('the connection', () => {
  it('is shown and changed, through a proxy or through none', async () => {
    const proxied = ['connection', '--proxy', 'proxy.example.org:3128', '--proxy-user', 'ana', '--retries', '2']
    expect((await rmada.json(proxied)).value).toMatchObject({
      proxy: { host: 'proxy.example.org', port: 3128, user: 'ana', password: false }, retries: 2
    })
    expect((await rmada.run(['connection'])).stdout).toContain('Proxy: proxy.example.org:3128 as ana')
    expect((await rmada.json(['connection', '--no-proxy'])).value).toMatchObject({ proxy: null, retries: 2 })
  })

  it.each([
    ['a proxy without a port', ['--proxy', 'proxy.example.org']],
    ['a user of no proxy', ['--proxy-user', 'ana']],
    ['a time that is none', ['--answer-seconds', 'long']]
  ])('refuses %s', async (_what, args) => {
    expect(await failure(['connection', ...args])).toEqual({ exit: 2, code: 'INVALID_INPUT' })
  })
})

describe('what does not lead to AWS has its own code, and rents nothing', () => {
  it.each([
    ['a wrong secret', () => there('--profile', 'wrong'), 'CREDENTIALS_REJECTED', 3],
    ['an unknown profile', () => there('--profile', 'nobody'), 'PROFILE_UNKNOWN', 2],
    ['an unknown key', () => there('--key', 'nothing'), 'KEY_UNKNOWN', 4],
    ['no credentials at all', () => ['--default', '--region', 'eu-west-1'], 'CREDENTIALS_MISSING', 3],
    ['an endpoint where nobody listens',
      () => ['--region', 'lab-1', '--endpoint', 'http://127.0.0.1:9', '--profile', 'lab'], 'ENDPOINT_UNREACHABLE', 3],
    ['an address that is none', () => ['--region', 'lab-1', '--endpoint', 'nowhere', '--profile', 'lab'], 'ENDPOINT_INVALID', 2],
    ['an address of 10 kB',
      () => ['--region', 'lab-1', '--endpoint', `http://${'e'.repeat(10_000)}`, '--profile', 'lab'], 'ENDPOINT_INVALID', 2],
    ['a region of 10 kB', () => ['--region', 'r'.repeat(10_000), '--profile', 'lab'], 'REGION_UNKNOWN', 2]
  ])('%s', async (_what, args, code, exit) => {
    expect(await failure(['connect', ...args()])).toEqual({ code, exit })
    expect((await rmada.json(['networks'])).value).toEqual([])
  })
})
