import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createOpenCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import type { CloudAccess } from '../../app/main/core/ports/index.ts'
import { RmadaError } from '../../app/main/core/error.ts'
import { plain, refuse, requestId, startFaultyEc2, succeed } from './fixtures/faulty-ec2.ts'
import type { Answer } from './fixtures/faulty-ec2.ts'

const openCloud = createOpenCloud({
  throttledPause: 5,
  longestPause: 20,
  firstAnswer: 1_000,
  inUse: 2_000,
  notYetKnown: 1_500
})

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

async function faulty(...answers: readonly Answer[]) {
  const server = await startFaultyEc2(...answers)
  cleanups.push(server.close)
  return { ...server, cloud: openCloud(server.access) }
}

async function failureOf(work: Promise<unknown>): Promise<RmadaError> {
  const error = await work.then(
    () => null,
    (raised: unknown) => raised
  )
  expect(error).toBeInstanceOf(RmadaError)
  return error as RmadaError
}

const request = {
  clientToken: 'token-1',
  count: 2,
  type: 'c5.large',
  image: 'ami-1',
  zone: null,
  keyName: 'k',
  securityGroupIds: ['sg-1'],
  placementGroup: null,
  threadsPerCore: null,
  rootVolumeGib: null,
  rootDevice: '/dev/xvda',
  userData: null,
  tags: { Name: 'n' }
}

describe('the error translator', () => {
  it.each([
    ['AuthFailure', 401, 'CREDENTIALS_REJECTED'],
    ['SignatureDoesNotMatch', 403, 'CREDENTIALS_REJECTED'],
    ['InvalidClientTokenId', 403, 'CREDENTIALS_REJECTED'],
    ['ExpiredToken', 400, 'CREDENTIALS_REJECTED'],
    ['UnauthorizedOperation', 403, 'CLOUD_DENIED'],
    ['OptInRequired', 401, 'CLOUD_DENIED'],
    ['InsufficientInstanceCapacity', 500, 'CLOUD_CAPACITY'],
    ['VcpuLimitExceeded', 400, 'CLOUD_QUOTA'],
    ['InstanceLimitExceeded', 400, 'CLOUD_QUOTA'],
    ['InvalidAMIID.NotFound', 400, 'CLOUD_ERROR'],
    ['InvalidParameterValue', 400, 'CLOUD_ERROR'],
    ['InvalidParameterCombination', 400, 'CLOUD_ERROR'],
    ['IdempotentParameterMismatch', 400, 'CLOUD_ERROR'],
    ['SomethingNew', 400, 'CLOUD_ERROR']
  ])('turns %s (HTTP %i) into %s after one call, with a sentence and a way on', async (code, status, expected) => {
    const { cloud, calls } = await faulty(refuse(code, `about it`, status))
    const error = await failureOf(cloud.runInstances(request))
    expect(error.code).toBe(expected)
    expect(calls).toHaveLength(1)
    expect(error.message).toMatch(/^[A-Z].*[.…]?$/)
    expect(error.message).not.toContain('{')
    expect(error.suggestion).toMatch(/^[A-Z].*\.$/)
    expect(error.details).toMatchObject({ action: 'RunInstances', awsCode: code, requestId })
  })

  it('blames the clock when the cloud says that the request expired', async () => {
    const { cloud } = await faulty(refuse('RequestExpired', 'Request has expired.'))
    expect((await failureOf(cloud.zones())).message).toContain('clock')
  })

  it('lets no secret, key id or encoded blob into any text', async () => {
    const blob = 'Encoded authorization failure message: abcDEF123'
    const { cloud, access } = await faulty(
      refuse('UnauthorizedOperation', `You are not authorized. ${blob}`),
      refuse('InvalidParameterValue', 'bad AKIAIOSFODNN7EXAMPLE')
    )
    for (const error of [await failureOf(cloud.zones()), await failureOf(cloud.zones())]) {
      const text = JSON.stringify(error.toShape())
      expect(text).not.toContain('abcDEF123')
      expect(text).not.toContain(access.credentials?.accessKeyId)
      expect(text).not.toContain(access.credentials?.secretAccessKey)
    }
  })

  it.each([
    ['a web page', plain(200, '<html><body>Hello</body><br></html>')],
    ['a web page of a missing path', plain(404, '<html><body>Not here<br></body>')],
    ['something that is no XML', plain(200, 'SSH-2.0-OpenSSH_9.2', 'text/plain')],
    ['JSON', plain(404, '{"error":"no"}', 'application/json')]
  ])('says that %s is no EC2', async (_what, answer) => {
    const { cloud } = await faulty(answer)
    expect(await failureOf(cloud.instances({ a: 'b' }))).toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      message: expect.stringContaining('does not speak as EC2 does')
    })
  })

  it('says within a few seconds that nobody listens, or that the name is unknown', async () => {
    const { access, close } = await startFaultyEc2()
    await close()
    const started = Date.now()
    expect(await failureOf(openCloud(access).zones())).toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      message: expect.stringContaining(access.endpoint ?? '')
    })
    const nowhere: CloudAccess = { ...access, endpoint: 'http://ec2.invalid' }
    expect(await failureOf(openCloud(nowhere).zones())).toMatchObject({ code: 'ENDPOINT_UNREACHABLE' })
    expect(Date.now() - started).toBeLessThan(8_000)
  })

  it('says it too when the endpoint takes the connection and then hangs up', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => new Promise((resolve) => server.close(() => resolve())))
    const { access } = await faulty(refuse('x'))
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await failureOf(openCloud({ ...access, endpoint }).zones())).toMatchObject({ code: 'ENDPOINT_UNREACHABLE' })
  })

  it('says it too when the endpoint takes the call and never answers', async () => {
    const { cloud, calls } = await faulty(() => {})
    const started = Date.now()
    expect(await failureOf(cloud.zones())).toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      message: expect.stringContaining('does not answer')
    })
    expect(Date.now() - started).toBeLessThan(3_000)
    expect(calls).toHaveLength(1)
  })

  it('says that a profile is not there', async () => {
    const { access, calls } = await faulty(refuse('x'))
    const error = await failureOf(openCloud({ ...access, credentials: null, profile: 'rmada-no-such-profile' }).zones())
    expect(error).toMatchObject({
      code: 'PROFILE_UNKNOWN',
      message: expect.stringContaining('rmada-no-such-profile')
    })
    expect(calls).toHaveLength(0)
  })
})

describe('the bounds of trying again', () => {
  it('gets through when throttling ends', async () => {
    const slow = refuse('RequestLimitExceeded', 'Request limit exceeded.', 503)
    const { cloud, calls } = await faulty(
      slow,
      slow,
      slow,
      succeed('DescribeAvailabilityZones', '<availabilityZoneInfo/>')
    )
    expect(await cloud.zones()).toEqual([])
    expect(calls).toHaveLength(4)
  })

  it('gives throttling up after eight calls', async () => {
    const { cloud, calls } = await faulty(refuse('RequestLimitExceeded', 'Request limit exceeded.', 503))
    expect((await failureOf(cloud.zones())).code).toBe('CLOUD_THROTTLED')
    expect(calls).toHaveLength(8)
  })

  it('tries an internal error of the cloud four times', async () => {
    const { cloud, calls } = await faulty(refuse('InternalError', 'An internal error has occurred', 500))
    expect((await failureOf(cloud.zones())).code).toBe('CLOUD_ERROR')
    expect(calls).toHaveLength(4)
  })

  it('launches with one token however often it tries', async () => {
    const { cloud, calls } = await faulty(
      refuse('Unavailable', 'try again', 503),
      succeed('RunInstances', '<instancesSet/>')
    )
    await cloud.runInstances(request)
    expect(calls.map((call) => call['ClientToken'])).toEqual(['token-1', 'token-1'])
  })
})

describe('what is asked of EC2 at a launch', () => {
  it('demands IMDSv2, an encrypted root volume and the tags in the same call', async () => {
    const { cloud, calls } = await faulty(succeed('RunInstances', '<instancesSet/>'))
    await cloud.runInstances({
      ...request,
      zone: 'test-1a',
      placementGroup: 'pg',
      rootVolumeGib: 20,
      userData: '#!/bin/sh\necho ü\n'
    })
    expect(calls[0]).toMatchObject({
      MinCount: '2',
      MaxCount: '2',
      'MetadataOptions.HttpTokens': 'required',
      'BlockDeviceMapping.1.DeviceName': '/dev/xvda',
      'BlockDeviceMapping.1.Ebs.Encrypted': 'true',
      'BlockDeviceMapping.1.Ebs.VolumeType': 'gp3',
      'BlockDeviceMapping.1.Ebs.VolumeSize': '20',
      'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
      'TagSpecification.1.ResourceType': 'instance',
      'TagSpecification.1.Tag.1.Key': 'Name',
      'TagSpecification.2.ResourceType': 'volume',
      'Placement.AvailabilityZone': 'test-1a',
      'Placement.GroupName': 'pg',
      UserData: Buffer.from('#!/bin/sh\necho ü\n').toString('base64')
    })
    expect(calls[0]).not.toHaveProperty('InstanceInitiatedShutdownBehavior')
  })

  it('names the cores along with the threads, as EC2 wants both', async () => {
    const { cloud, calls } = await faulty(
      succeed(
        'DescribeInstanceTypes',
        '<instanceTypeSet><item><instanceType>c5.large</instanceType><vCpuInfo><defaultCores>3</defaultCores>' +
          '<defaultThreadsPerCore>2</defaultThreadsPerCore>' +
          '<validThreadsPerCore><item>1</item><item>2</item></validThreadsPerCore></vCpuInfo>' +
          '</item></instanceTypeSet>'
      ),
      succeed('RunInstances', '<instancesSet/>')
    )
    await cloud.runInstances({ ...request, threadsPerCore: 1 })
    expect(calls[1]).toMatchObject({ 'CpuOptions.CoreCount': '3', 'CpuOptions.ThreadsPerCore': '1' })
  })
})

describe('verbs that forgive', () => {
  it('finds its own key pair and group again when the answer of the creation was lost', async () => {
    const tagSet = '<tagSet><item><key>rmada:network-id</key><value>n1</value></item></tagSet>'
    const keys = await faulty(
      refuse('InvalidKeyPair.Duplicate'),
      succeed(
        'DescribeKeyPairs',
        `<keySet><item><keyPairId>key-1</keyPairId><keyName>k</keyName>${tagSet}</item></keySet>`
      )
    )
    expect(
      await keys.cloud.importKeyPair({ name: 'k', publicKey: 'ssh-ed25519 A', tags: { 'rmada:network-id': 'n1' } })
    ).toMatchObject({ id: 'key-1' })
    const foreign = await faulty(
      refuse('InvalidGroup.Duplicate'),
      succeed('DescribeSecurityGroups', '<securityGroupInfo/>')
    )
    expect(
      await failureOf(
        foreign.cloud.createSecurityGroup({ name: 'g', description: 'd', vpcId: 'vpc-1', tags: { a: 'b' } })
      )
    ).toMatchObject({ code: 'CLOUD_ERROR', details: { awsCode: 'InvalidGroup.Duplicate' } })
  })

  it('adds the rules that are missing when EC2 refuses the list for one that is there', async () => {
    const { cloud, calls } = await faulty(
      refuse('InvalidPermission.Duplicate'),
      refuse('InvalidPermission.Duplicate'),
      succeed('AuthorizeSecurityGroupIngress', '<return>true</return>')
    )
    const rule = { protocol: 'tcp', port: 22, from: { cidr: '192.0.2.1/32' }, description: 'ssh' } as const
    await cloud.authorizeIngress('sg-1', [rule, { protocol: 'all', port: null, from: 'self', description: 'members' }])
    expect(calls).toHaveLength(3)
    expect(calls[2]).toMatchObject({ 'IpPermissions.1.IpProtocol': '-1', 'IpPermissions.1.Groups.1.GroupId': 'sg-1' })
  })

  it('waits while a group is in use, and no longer than its bound', async () => {
    const freed = await faulty(
      refuse('DependencyViolation'),
      refuse('DependencyViolation'),
      succeed('DeleteSecurityGroup', '<return>true</return>')
    )
    await freed.cloud.deleteSecurityGroup('sg-1')
    expect(freed.calls).toHaveLength(3)
    const held = await faulty(refuse('DependencyViolation', 'resource sg-1 has a dependent object'))
    expect((await failureOf(held.cloud.deleteSecurityGroup('sg-1'))).details).toMatchObject({
      awsCode: 'DependencyViolation'
    })
  })

  it('takes what is gone as deleted', async () => {
    const { cloud, calls } = await faulty(
      refuse('InvalidGroup.NotFound'),
      refuse('InvalidPlacementGroup.Unknown'),
      refuse('InvalidKeyPair.NotFound')
    )
    await cloud.deleteSecurityGroup('sg-1')
    await cloud.deletePlacementGroup('pg')
    await cloud.deleteKeyPair('key-1')
    expect(calls).toHaveLength(3)
  })

  it('waits for an instance that EC2 does not know yet', async () => {
    const { cloud, calls } = await faulty(
      refuse('InvalidInstanceID.NotFound'),
      succeed('CreateTags', '<return>true</return>')
    )
    await cloud.tag(['i-1'], { a: 'b' })
    expect(calls).toHaveLength(2)
  })

  it('terminates the others at once when one id is unknown, and that one as soon as it is known', async () => {
    const [old, young] = ['i-0aaaaaaaaaaaaaaaa', 'i-0bbbbbbbbbbbbbbbb']
    const unknown = refuse('InvalidInstanceID.NotFound', `The instance ID '${young}' does not exist`)
    const done = succeed('TerminateInstances', '<instancesSet/>')
    const { cloud, calls } = await faulty(unknown, done, unknown, done)
    await cloud.terminateInstances([old, young])
    expect(calls.slice(1).map((call) => [call['InstanceId.1'], call['InstanceId.2']])).toEqual([
      [old, undefined],
      [young, undefined],
      [young, undefined]
    ])
    const gone = await faulty(unknown)
    await gone.cloud.terminateInstances([young])
  })

  it('falls back to the gathered console output where the type has no latest', async () => {
    const { cloud, calls } = await faulty(
      refuse('UnsupportedOperation'),
      succeed(
        'GetConsoleOutput',
        `<instanceId>i-1</instanceId><output>${Buffer.from('grüß').toString('base64')}</output>`
      )
    )
    expect(await cloud.consoleOutput('i-1')).toBe('grüß')
    expect(calls.map((call) => call['Latest'])).toEqual(['true', undefined])
  })

  it('reads every page', async () => {
    const page = (id: string, next: string) =>
      succeed(
        'DescribeInstances',
        `<reservationSet><item><instancesSet><item>` +
          `<instanceId>${id}</instanceId><instanceState><name>running</name></instanceState>` +
          `</item></instancesSet></item></reservationSet>${next}`
      )
    const { cloud, calls } = await faulty(page('i-1', '<nextToken>two</nextToken>'), page('i-2', ''))
    expect(
      (await cloud.instances({ 'rmada:network': '*', 'rmada:network-id': 'a*b' })).map((found) => found.id)
    ).toEqual(['i-1', 'i-2'])
    expect(calls[0]).toMatchObject({
      'Filter.1.Name': 'tag-key',
      'Filter.1.Value.1': 'rmada:network',
      'Filter.2.Name': 'tag:rmada:network-id',
      'Filter.2.Value.1': 'a\\*b'
    })
    expect(calls[1]).toMatchObject({ NextToken: 'two' })
  })
})
