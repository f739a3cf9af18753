import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vcpuQuotas } from '../../../app/main/core/vcpu-quotas.ts'
import { startBoto3, type Boto3, type Parsed } from './boto3.ts'
import { ids, one, small, tagsOf } from './launching.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
let boto3: Boto3
beforeAll(async () => {
  cloud = await temporaryPractice({ timings: { pendingMs: 100, shuttingDownMs: 100 } })
  boto3 = startBoto3(cloud.practice)
})
afterAll(async () => {
  await boto3.close()
  await cloud.end()
})

const exec = promisify(execFile)
async function aws(...words: readonly string[]): Promise<Parsed> {
  const { endpoint, region, accessKeyId, secretAccessKey } = cloud.practice
  const { stdout } = await exec('/usr/bin/aws', ['--endpoint-url', endpoint, '--output', 'json', ...words], {
    env: {
      PATH: '/usr/bin:/bin',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: region,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true'
    }
  })
  return JSON.parse(stdout)
}

const spot = (MaxPrice?: string) => ({
  MarketType: 'spot',
  SpotOptions: { SpotInstanceType: 'one-time', ...(MaxPrice === undefined ? {} : { MaxPrice }) }
})
const tagged = (ResourceType: string) => ({ ResourceType, Tags: [{ Key: 'rmada:network', Value: 'net' }] })

describe('Spot requests', () => {
  it('are made by RunInstances with their tags, live with their instance, and stay cancelled', async () => {
    const reservation = await boto3.call('run_instances', {
      ...one,
      MaxCount: 2,
      MinCount: 2,
      InstanceMarketOptions: spot('1.5'),
      TagSpecifications: [tagged('instance'), tagged('spot-instances-request')]
    })
    const [first = '', second = ''] = ids(reservation)
    const all = await boto3.call('describe_spot_instance_requests', {
      Filters: [{ Name: 'tag:rmada:network', Values: ['net'] }]
    })
    expect(all.SpotInstanceRequests).toHaveLength(2)
    const request = all.SpotInstanceRequests.find((found: Parsed) => found.InstanceId === first)
    expect(request).toMatchObject({
      SpotInstanceRequestId: reservation.Instances[0].SpotInstanceRequestId,
      State: 'active',
      Status: { Code: 'fulfilled' },
      SpotPrice: '1.5',
      Type: 'one-time',
      LaunchSpecification: { InstanceType: small }
    })
    expect(tagsOf(request)).toEqual({ 'rmada:network': 'net' })

    const id = request.SpotInstanceRequestId
    const cancelled = await boto3.call('cancel_spot_instance_requests', { SpotInstanceRequestIds: [id] })
    expect(cancelled.CancelledSpotInstanceRequests).toEqual([{ SpotInstanceRequestId: id, State: 'cancelled' }])
    expect((await aws('ec2', 'describe-spot-instance-requests', '--spot-instance-request-ids', id))
      .SpotInstanceRequests[0]).toMatchObject({ Status: { Code: 'request-canceled-and-instance-running' } })

    await boto3.call('terminate_instances', { InstanceIds: [first, second] })
    await boto3.wait('instance_terminated', { InstanceIds: [first, second] })
    const after = await boto3.call('describe_spot_instance_requests')
    expect(new Map(after.SpotInstanceRequests.map((one: Parsed) => [one.InstanceId, one.State]))).toEqual(
      new Map([[first, 'cancelled'], [second, 'closed']])
    )
    expect(await boto3.call('describe_spot_instance_requests', { Filters: [{ Name: 'state', Values: ['closed'] }] }))
      .toMatchObject({ SpotInstanceRequests: [{ InstanceId: second, Status: { Code: 'instance-terminated-by-user' } }] })
  })

  it.each([
    ['a price below that of now', { InstanceMarketOptions: spot('0.000001') }, 'SpotMaxPriceTooLow'],
    ['a price that is none', { InstanceMarketOptions: spot('cheap') }, 'InvalidParameterValue'],
    ['more than the Spot limit', {
      InstanceType: 'c7i.8xlarge', MinCount: 9, MaxCount: 9, InstanceMarketOptions: spot()
    }, 'MaxSpotInstanceCountExceeded'],
    ['more than the limit on demand', { InstanceType: 'c7i.48xlarge', MinCount: 3, MaxCount: 3 }, 'VcpuLimitExceeded']
  ])('refuse %s', async (_what, change, code) => {
    expect(await boto3.refusal('run_instances', { ...one, ...change })).toMatchObject({ code })
  })

  it('refuse ids that are not theirs', async () => {
    const cancel = (id: string) => boto3.refusal('cancel_spot_instance_requests', { SpotInstanceRequestIds: [id] })
    expect(await cancel('sir-0123456789abcdef0')).toMatchObject({ code: 'InvalidSpotInstanceRequestID.NotFound' })
    expect(await cancel('nonsense')).toMatchObject({ code: 'InvalidSpotInstanceRequestID.Malformed' })
  })
})

describe('Service Quotas', () => {
  const as = { service: 'service-quotas' } as const

  it('tells every vCPU limit, one by one and page by page', async () => {
    const { Quota } = await aws('service-quotas', 'get-service-quota', '--service-code', 'ec2', '--quota-code',
      'L-34B43A08')
    expect(Quota).toMatchObject({
      QuotaName: 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests', Value: 256, Adjustable: true
    })
    const { Quotas } = await aws('service-quotas', 'list-service-quotas', '--service-code', 'ec2', '--page-size', '5')
    expect(Quotas.map((quota: Parsed) => quota.QuotaCode)).toEqual(vcpuQuotas.map((quota) => quota.code))
  })

  it('refuses what it does not know', async () => {
    const ask = (params: object) => boto3.refusal('get_service_quota', params, as)
    expect(await ask({ ServiceCode: 'ec2', QuotaCode: 'L-00000000' })).toMatchObject({ code: 'NoSuchResourceException' })
    expect(await ask({ ServiceCode: 's3', QuotaCode: 'L-1216C47A' })).toMatchObject({ code: 'NoSuchResourceException' })
    expect(await boto3.refusal('list_service_quotas', { ServiceCode: 'ec2', NextToken: 'x' }, as)).toMatchObject({
      code: 'InvalidPaginationTokenException'
    })
  })
})
