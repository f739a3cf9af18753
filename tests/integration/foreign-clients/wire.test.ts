import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ec2Actions } from '../../../app/main/practice/endpoint/router.ts'
import { startBoto3, type Boto3 } from './boto3.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
let boto3: Boto3

beforeAll(async () => {
  cloud = await temporaryPractice()
  boto3 = startBoto3(cloud.practice)
})
afterAll(async () => {
  await boto3.close()
  await cloud.end()
})

/** One request without any client library. */
function send(options: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer }) {
  const { method = 'POST', path = '/', headers = {}, body = '' } = options
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const outgoing = request(cloud.practice.endpoint, { method, path, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
const form = { 'content-type': 'application/x-www-form-urlencoded' }

describe('who may ask', () => {
  it('lets the right key and secret in, for EC2 and for STS', async () => {
    const { Regions } = await boto3.call('describe_regions')
    expect(Regions).toEqual([
      { RegionName: 'practice-1', Endpoint: new URL(cloud.practice.endpoint).host, OptInStatus: 'opt-in-not-required' }
    ])
    const caller = await boto3.call('get_caller_identity', {}, { service: 'sts' })
    expect(caller.UserId).toBe(cloud.practice.accessKeyId)
    expect(caller.Arn).toBe(`arn:aws:iam::${caller.Account}:user/practice`)
  })

  it('refuses a wrong secret', async () => {
    const refusal = await boto3.refusal('describe_regions', {}, { secret: 'x'.repeat(40) })
    expect(refusal).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 })
    expect(refusal.message).toMatch(/^The request signature we calculated does not match/)
    expect(await boto3.refusal('get_caller_identity', {}, { service: 'sts', secret: 'x'.repeat(40) })).toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403
    })
  })

  it('refuses an unknown key', async () => {
    expect(await boto3.refusal('describe_regions', {}, { key: 'AKIANOBODYNOBODYNOBO' })).toEqual({
      code: 'AuthFailure',
      status: 401,
      message: 'AWS was not able to validate the provided access credentials'
    })
  })

  it('refuses a request without a signature', async () => {
    const { status, body } = await send({ headers: form, body: 'Action=DescribeRegions&Version=2016-11-15' })
    expect(status).toBe(403)
    expect(body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Response><Errors><Error><Code>MissingAuthenticationToken<\/Code>/
    )
    expect(body).toMatch(/<RequestID>[0-9a-f-]{36}<\/RequestID><\/Response>$/)
  })

  it('takes a presigned address until it expires, and not when a letter of it was changed', async () => {
    const url = new URL(await boto3.presign('describe_instance_types', { InstanceTypes: ['t3.micro'] }))
    const good = await send({ method: 'GET', path: url.pathname + url.search })
    expect(good.status).toBe(200)
    expect(good.body).toContain('<instanceType>t3.micro</instanceType>')

    const other = await send({ method: 'GET', path: url.pathname + url.search.replace('t3.micro', 't3.small') })
    expect(other.body).toContain('<Code>SignatureDoesNotMatch</Code>')

    const brief = new URL(await boto3.presign('describe_regions', {}, 1))
    await new Promise((resolve) => setTimeout(resolve, 2100))
    expect((await send({ method: 'GET', path: brief.pathname + brief.search })).body).toContain(
      '<Code>RequestExpired</Code>'
    )
  })

  it('answers to loopback names only, whatever the signature', async () => {
    const { status, body } = await send({
      headers: { ...form, host: 'evil.example:80' },
      body: 'Action=DescribeRegions'
    })
    expect(status).toBe(403)
    expect(body).toContain('127.0.0.1 and localhost only')
  })
})

describe('what may be asked', () => {
  it('refuses requests that are too large, before reading them', async () => {
    const { status, body } = await send({
      headers: { ...form, 'content-length': String(1024 * 1024 + 1) },
      body: Buffer.alloc(1024 * 1024 + 1)
    })
    expect(status).toBe(413)
    expect(body).toContain('RequestEntityTooLarge')
  })

  it('refuses other methods, other paths and other content', async () => {
    expect((await send({ method: 'PUT' })).status).toBe(405)
    expect((await send({ path: '/latest/meta-data' })).status).toBe(404)
    expect((await send({ headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(400)
  })

  it('refuses actions that it does not have', async () => {
    expect(await boto3.refusal('describe_fleets')).toEqual({
      code: 'InvalidAction',
      status: 400,
      message: 'The action DescribeFleets is not valid for this web service.'
    })
  })

  it("names every parameter as botocore's model does, and knows all of them", async () => {
    // Added to EC2 after the model that Debian 12 ships.
    const newer: Record<string, string[]> = {
      CreateImage: ['SnapshotLocation'],
      CreateSnapshot: ['Location'],
      CreateVolume: ['AvailabilityZoneId', 'VolumeInitializationRate', 'Operator'],
      AttachVolume: ['EbsCardIndex'],
      DescribeVolumes: ['IncludeManagedResources'],
      DescribeVolumeStatus: ['IncludeManagedResources'],
      DeregisterImage: ['DeleteAssociatedSnapshots'],
      DescribeImages: ['IncludeDisabled', 'MaxResults', 'NextToken'],
      RunInstances: ['EnablePrimaryIpv6', 'NetworkPerformanceOptions'],
      StopInstances: ['SkipOsShutdown'],
      TerminateInstances: ['Force', 'SkipOsShutdown']
    }
    // A later model has parameters that are younger than this list.
    const complete = (await boto3.botocoreVersion()).startsWith('1.29.')
    const faults = []
    for (const [name, action] of Object.entries(ec2Actions)) {
      const known = [...action.accepts, ...(action.refuses ?? [])]
      const model = (await boto3.parameterNames(name)).filter((parameter) => parameter !== 'DryRun')
      const strange = known.filter((parameter) => !model.includes(parameter) && !newer[name]?.includes(parameter))
      const missing = model.filter((parameter) => complete && !known.includes(parameter))
      if (strange.length + missing.length > 0) faults.push({ name, strange, missing })
    }
    expect(faults).toEqual([])
  })
})
