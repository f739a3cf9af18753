import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createOpenCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import { awsFiles } from '../../app/main/adapters/ec2/profiles.ts'
import { ordinaryPatience } from '../../app/main/adapters/ec2/retry.ts'
import type { CloudAccess } from '../../app/main/core/ports/index.ts'
import { servePractice } from '../../app/main/practice/endpoint/serve.ts'
import type { PracticeEndpoint } from '../../app/main/practice/endpoint/serve.ts'
import { startFaultyEc2 } from './fixtures/faulty-ec2.ts'
import type { Answer } from './fixtures/faulty-ec2.ts'

const openCloud = createOpenCloud({ ...ordinaryPatience, throttledPause: 5, longestPause: 20, firstAnswer: 3_000 })

let home: string
let practice: PracticeEndpoint
let access: CloudAccess
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rmada-home-'))
  const deny = ['ec2:RunInstances', 'ec2:DescribeVpcs', 'ec2:CreatePlacementGroup']
  practice = await servePractice({ stateDirectory: join(home, 'practice'), backend: 'none', port: 0, deny, log: () => {} })
  const { endpoint, region, accessKeyId, secretAccessKey } = practice
  access = { region, endpoint, profile: null, credentials: null }
  await mkdir(join(home, '.aws/sso/cache'), { recursive: true })
  await writeFile(
    join(home, 'elsewhere.conf'),
    `[default]\nregion = eu-west-1\n[profile lab]\nregion = practice-1\naws_access_key_id = ${accessKeyId}\n` +
      `aws_secret_access_key = ${secretAccessKey}\n[profile work]\nsso_session = corp\nsso_account_id = 111122223333\n` +
      'sso_role_name = Scientist\nregion = eu-central-1\n[sso-session corp]\nsso_start_url = https://corp.example/start\n' +
      'sso_region = us-east-1\nsso_registration_scopes = sso:account:access\n' +
      '[profile borrowed]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = lab\n' +
      '[profile program]\ncredential_process = /bin/false\n'
  )
  await writeFile(
    join(home, '.aws/sso/cache', `${createHash('sha1').update('corp').digest('hex')}.json`),
    JSON.stringify({ accessToken: 'token-that-is-over', expiresAt: '2020-01-01T00:00:00Z', region: 'us-east-1' })
  )
  vi.stubEnv('HOME', home)
  vi.stubEnv('AWS_CONFIG_FILE', join(home, 'elsewhere.conf'))
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'none'))
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await practice.close({ powerOff: true })
  await rm(home, { recursive: true, force: true })
})

const failureOf = (work: Promise<unknown>) => work.then(() => expect.unreachable('it should have failed'),
  (raised: unknown) => raised)

describe('profiles', () => {
  it('are those of the file that AWS_CONFIG_FILE names, with their kind', async () => {
    expect(awsFiles.configFile).toMatch(/elsewhere\.conf$/)
    expect(await awsFiles.profiles()).toEqual([
      { name: 'default', kind: 'other', region: 'eu-west-1' },
      { name: 'lab', kind: 'keys', region: 'practice-1' },
      { name: 'work', kind: 'sso', region: 'eu-central-1' },
      { name: 'borrowed', kind: 'role', region: null },
      { name: 'program', kind: 'process', region: null }
    ])
  })

  it('are signed in with', async () => {
    const { account, arn } = await openCloud({ ...access, profile: 'lab' }).identity()
    expect(arn).toBe(`arn:aws:iam::${account}:user/practice`)
  })

  it('of SSO whose sign-in is over say how to sign in again', async () => {
    expect(await failureOf(openCloud({ ...access, profile: 'work' }).zones())).toMatchObject({
      code: 'SSO_EXPIRED',
      message: 'The AWS sign-in of the profile "work" has expired.',
      suggestion: expect.stringContaining('aws sso login --profile work')
    })
  })

  it('that are not there are told as such, however long their name', async () => {
    const error = await failureOf(openCloud({ ...access, profile: 'n'.repeat(10_000) }).zones())
    expect(error).toMatchObject({ code: 'PROFILE_UNKNOWN' })
    expect((error as Error).message.length).toBeLessThan(200)
  })

  it('are not needed with keys in the environment; without anything that is said', async () => {
    expect(await failureOf(openCloud(access).identity())).toMatchObject({ code: 'CREDENTIALS_MISSING' })
    vi.stubEnv('AWS_ACCESS_KEY_ID', practice.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', practice.secretAccessKey)
    expect((await openCloud(access).identity()).userId).toBe(practice.accessKeyId)
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined)
  })
})

describe('permissions', () => {
  const results = async (credentials: CloudAccess['credentials']) =>
    new Map((await openCloud({ ...access, credentials }).permissions()).map(({ action, result }) => [action, result]))

  it('are found out one by one, and what is denied is named', async () => {
    const found = await results(practice.restricted)
    const denied = [...found].filter(([, result]) => result === 'denied').map(([action]) => action)
    expect(denied.toSorted()).toEqual(['ec2:CreatePlacementGroup', 'ec2:DescribeVpcs', 'ec2:RunInstances'])
    expect(found.get('ec2:ImportKeyPair')).toBe('allowed')
  })

  it('of a key that may do everything are never denied, and trying leaves nothing behind', async () => {
    const { accessKeyId, secretAccessKey } = practice
    const found = await results({ accessKeyId, secretAccessKey })
    expect([...found.values()]).not.toContain('denied')
    expect(found.get('ec2:RunInstances')).toBe('allowed')
    const cloud = openCloud({ ...access, credentials: { accessKeyId, secretAccessKey } })
    expect(await Promise.all([cloud.instances({}), cloud.keyPairs({}), cloud.placementGroups({})])).toEqual([[], [], []])
    expect((await cloud.securityGroups({})).map((group) => group.name)).toEqual(['default'])
  })

  it('are not spoken of when the secret is wrong', async () => {
    const wrong = { accessKeyId: practice.accessKeyId, secretAccessKey: 'w'.repeat(40) }
    expect(await failureOf(openCloud({ ...access, credentials: wrong }).permissions())).toMatchObject({
      code: 'CREDENTIALS_REJECTED', message: 'The cloud does not accept the secret access key.'
    })
  })
})

describe('a clock that is wrong', () => {
  const expired = (behindMinutes: number): Answer => (response) => {
    response.writeHead(400, {
      'content-type': 'text/xml', date: new Date(Date.now() - behindMinutes * 60_000).toUTCString()
    })
    response.end('<Response><Errors><Error><Code>RequestExpired</Code><Message>Request has expired.</Message></Error>' +
      '</Errors><RequestID>r</RequestID></Response>')
  }

  it.each([
    [12, '12 minutes fast'],
    [-7, '7 minutes slow'],
    [60 * 30, '30 hours fast']
  ])('by %i minutes is told, by how much and which way', async (minutes, off) => {
    const server = await startFaultyEc2(expired(minutes))
    const error = await failureOf(openCloud(server.access).zones())
    await server.close()
    expect(error).toMatchObject({
      code: 'CLOCK_WRONG', message: `The cloud refuses the call because the clock of this computer is ${off}.`
    })
  })

  it('is made up for by the SDK where the cloud takes the corrected call, and still shown with the identity', async () => {
    const identity: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/xml', date: new Date(Date.now() + 600_000).toUTCString() })
      response.end('<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        '<Arn>arn:aws:iam::1:user/a</Arn><UserId>U</UserId><Account>1</Account></GetCallerIdentityResult>' +
        '</GetCallerIdentityResponse>')
    }
    const server = await startFaultyEc2(expired(-10), identity)
    const { clockAheadSeconds, arn } = await openCloud(server.access).identity()
    await server.close()
    expect(arn).toBe('arn:aws:iam::1:user/a')
    expect(Math.abs(clockAheadSeconds + 600)).toBeLessThan(5)
  })
})
