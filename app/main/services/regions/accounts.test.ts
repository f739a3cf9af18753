import { describe, expect, it } from 'vitest'
import { RmadaError } from '../../core/error.ts'
import type { CloudAccess } from '../../core/ports/index.ts'
import { FakeCloud } from '../testing/fake-cloud.ts'
import { context, launch, startManager } from '../testing/drive.ts'
import { fakePorts } from '../testing/fake-ports.ts'

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const key = { name: 'lab', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: secret }

/** A manager whose clouds remember how they were opened. */
async function make(change: Parameters<typeof fakePorts>[0] = {}) {
  const opened: CloudAccess[] = []
  const clouds = new Map<string, FakeCloud>()
  const ports = fakePorts({
    ...change,
    openCloud: (access) => {
      opened.push(access)
      const cloud = clouds.get(access.region) ?? new FakeCloud(access.region)
      clouds.set(access.region, cloud)
      return cloud
    }
  })
  const manager = await startManager(ports)
  const call: typeof manager.handlers = manager.handlers
  return { ports, opened, clouds, call, manager }
}
const codeOf = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (raised: unknown) => raised)
  expect(error).toBeInstanceOf(RmadaError)
  const { code, message, suggestion } = error as RmadaError
  expect(message.length).toBeLessThan(300)
  expect(message).toMatch(/^[A-Z].*[^\n]$/)
  expect(suggestion).toMatch(/\.$/)
  expect(message + suggestion).not.toContain(secret)
  return code
}

describe('a stored access key', () => {
  it('signs AWS regions in, and comes out nowhere but at the cloud', async () => {
    const { call, opened, ports } = await make()
    const stored = await call['accounts.storeKey'](key, context)
    expect(stored).toEqual({ name: 'lab', keyEnding: 'MPLE', kept: 'keychain' })
    const accounts = await call['accounts.use']({ profile: null, key: 'lab' }, context)
    const region = await call['regions.connect']({ region: 'eu-west-1' }, context)
    const identity = await call['regions.identify']({ region: 'eu-west-1' }, context)
    expect(identity).toMatchObject({ account: '111122223333', by: 'the stored key "lab"' })
    expect(opened.at(-1)).toMatchObject({ region: 'eu-west-1', credentials: { secretAccessKey: secret } })
    const shown = JSON.stringify([
      stored, accounts, region, identity, await call['accounts.list']({}, context),
      await call['regions.list']({}, context), await call['tasks.list']({}, context), ports.settings.read(), ports.logged
    ])
    expect(shown).not.toContain(secret)
    expect(shown).not.toContain(key.accessKeyId)
  })

  it('is gone when it is deleted, and AWS is reached as before', async () => {
    const { call, ports } = await make()
    await call['accounts.storeKey'](key, context)
    await call['accounts.use']({ profile: null, key: 'lab' }, context)
    await call['accounts.deleteKey']({ name: 'lab' }, context)
    expect(await ports.secrets.get('aws-key:lab')).toBeNull()
    expect(await call['accounts.list']({}, context)).toMatchObject({ keys: [], chosen: { profile: null, key: null } })
    expect(await codeOf(call['accounts.deleteKey']({ name: 'lab' }, context))).toBe('KEY_UNKNOWN')
  })

  it('is not offered after a restart that memory did not outlive', async () => {
    const { call, ports } = await make()
    await call['accounts.storeKey'](key, context)
    await ports.secrets.delete('aws-key:lab')
    expect((await call['accounts.list']({}, context)).keys).toEqual([])
    expect(await codeOf(call['accounts.use']({ profile: null, key: 'lab' }, context))).toBe('KEY_UNKNOWN')
  })

  it.each([
    ['no name', { ...key, name: ' ' }],
    ['a name of 10 kB', { ...key, name: 'n'.repeat(10_000) }],
    ['a name with a line break', { ...key, name: 'a\nb' }],
    ['an id that is none', { ...key, accessKeyId: 'AKIA' }],
    ['an id of 10 kB', { ...key, accessKeyId: 'A'.repeat(10_000) }],
    ['a secret with spaces', { ...key, secretAccessKey: `${secret} ${secret}` }],
    ['a secret of 10 kB', { ...key, secretAccessKey: 's'.repeat(10_000) }],
    ['an empty secret', { ...key, secretAccessKey: '' }],
    ['an endless session token', { ...key, sessionToken: 't'.repeat(10_000) }]
  ])('is refused with %s', async (_what, input) => {
    const { call } = await make()
    expect(await codeOf(call['accounts.storeKey'](input, context))).toBe('INVALID_INPUT')
    expect((await call['accounts.list']({}, context)).keys).toEqual([])
  })

  it('is kept as long as a network needs it to be terminated', async () => {
    const { call } = await make()
    await call['accounts.storeKey'](key, context)
    await call['regions.connect']({ region: 'practice-1', endpoint: 'https://ec2.example.org', key: 'lab' }, context)
    await launch({ handlers: call } as Parameters<typeof launch>[0])
    expect(await codeOf(call['accounts.deleteKey']({ name: 'lab' }, context))).toBe('ACCOUNT_IN_USE')
  })
})

describe('choosing an account', () => {
  it('knows the profiles there are', async () => {
    const { call, opened } = await make()
    await call['accounts.use']({ profile: 'work', key: null }, context)
    await call['regions.identify']({ region: 'us-east-1' }, context)
    expect(opened.at(-1)).toMatchObject({ region: 'us-east-1', profile: 'work', credentials: null })
    expect(await codeOf(call['accounts.use']({ profile: 'play', key: null }, context))).toBe('PROFILE_UNKNOWN')
    expect(await codeOf(call['accounts.use']({ profile: 'p'.repeat(10_000), key: null }, context)))
      .toBe('PROFILE_UNKNOWN')
    expect(await codeOf(call['accounts.use']({ profile: 'work', key: 'lab' }, context))).toBe('INVALID_INPUT')
  })

  it('leaves a region with networks to the account that it was launched in', async () => {
    const { call, clouds } = await make()
    await call['regions.connect']({ region: 'practice-1', endpoint: 'https://ec2.example.org' }, context)
    await launch({ handlers: call } as Parameters<typeof launch>[0])
    const cloud = clouds.get('practice-1')
    if (!cloud) throw new Error('The region was not opened')
    let account = 0
    cloud.identity = async () => {
      account += 1
      return { account: String(account), arn: 'a', userId: 'u', clockAheadSeconds: 0 }
    }
    expect(await codeOf(call['regions.connect'](
      { region: 'practice-1', endpoint: 'https://other.example.org' }, context
    ))).toBe('ACCOUNT_IN_USE')
    expect(await codeOf(call['regions.forget']({ region: 'practice-1' }, context))).toBe('ACCOUNT_IN_USE')
    await call['accounts.use']({ profile: 'work', key: null }, context)
    expect((await call['networks.list']({}, context)).map((network) => network.status)).toEqual(['running'])
  })
})

describe('a custom endpoint', () => {
  it('is remembered over a restart, without credentials', async () => {
    const { call, ports } = await make()
    const { accessKeyId, secretAccessKey } = key
    const region = await call['regions.connect']({
      region: 'lab-1', endpoint: 'https://ec2.example.org', remember: true, credentials: { accessKeyId, secretAccessKey }
    }, context)
    expect(region).toMatchObject({ id: 'lab-1', kind: 'custom' })
    expect(JSON.stringify(ports.settings.read())).not.toContain(secret)
    const next = await make({ settings: ports.settings })
    expect((await next.call['regions.list']({}, context)).filter((one) => one.kind === 'custom'))
      .toMatchObject([{ id: 'lab-1', last: true }])
    await next.call['regions.forget']({ region: 'lab-1' }, context)
    expect((await next.call['regions.list']({}, context)).some((one) => one.id === 'lab-1')).toBe(false)
  })

  it.each([
    ['nowhere', 'ENDPOINT_INVALID'],
    ['', 'ENDPOINT_INVALID'],
    ['ftp://ec2.example.org', 'ENDPOINT_INVALID'],
    ['https://user:password@ec2.example.org', 'ENDPOINT_INVALID'],
    [`https://${'e'.repeat(10_000)}.org`, 'ENDPOINT_INVALID']
  ])('at %.40s is refused', async (endpoint, code) => {
    const { call } = await make()
    expect(await codeOf(call['regions.connect']({ region: 'lab-1', endpoint }, context))).toBe(code)
  })

  it.each(['', 'a b', 'r'.repeat(10_000), 'ä-1'])('by the name %.20s is refused', async (region) => {
    const { call } = await make()
    expect(await codeOf(call['regions.connect']({ region, endpoint: 'https://ec2.example.org' }, context)))
      .toBe('REGION_UNKNOWN')
  })
})

describe('permissions', () => {
  it('name what is missing, with the policy that grants it', async () => {
    const { call } = await make()
    expect(await call['regions.permissions']({ region: 'eu-west-1' }, context)).toMatchObject({
      missing: ['ec2:RunInstances'], policy: expect.stringContaining('iam-policy.json')
    })
  })
})
