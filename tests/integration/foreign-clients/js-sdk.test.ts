import {
  DescribeInstancesCommand,
  EC2Client,
  paginateDescribeInstanceTypes,
  RunInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceTerminated,
  type _InstanceType
} from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { one } from './launching.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
let ec2: EC2Client

beforeAll(async () => {
  cloud = await temporaryPractice({ timings: { pendingMs: 300 } })
  const { endpoint, region, accessKeyId, secretAccessKey } = cloud.practice
  ec2 = new EC2Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 })
})
afterAll(async () => {
  ec2.destroy()
  await cloud.end()
})

/** AWS's SDK for JavaScript as AWS ships it, with nothing of Rmada around it. */
it('launches, waits, reads and terminates', async () => {
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ ...one, InstanceType: one.InstanceType as _InstanceType })
  )
  expect(Instances[0]?.State).toEqual({ Code: 0, Name: 'pending' })
  expect(Instances[0]?.LaunchTime).toBeInstanceOf(Date)
  const InstanceIds = [Instances[0]?.InstanceId ?? '']
  const waiter = { client: ec2, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }
  expect((await waitUntilInstanceRunning(waiter, { InstanceIds })).state).toBe('SUCCESS')
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }))
  expect(Reservations[0]?.Instances?.[0]?.Tags).toEqual([{ Key: 'rmada:ssh-port', Value: '22' }])
  await ec2.send(new TerminateInstancesCommand({ InstanceIds }))
  expect((await waitUntilInstanceTerminated(waiter, { InstanceIds })).state).toBe('SUCCESS')
})

it('pages through the instance types', async () => {
  const names: (string | undefined)[] = []
  for await (const page of paginateDescribeInstanceTypes({ client: ec2, pageSize: 10 }, {})) {
    names.push(...(page.InstanceTypes ?? []).map((type) => type.InstanceType))
  }
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('hpc7a.48xlarge')
})

it('reads the code and the message of a refusal', async () => {
  const refusal = await ec2
    .send(new DescribeInstancesCommand({ InstanceIds: ['i-00000000000000000'] }))
    .catch((error: unknown) => error)
  expect(refusal).toMatchObject({
    name: 'InvalidInstanceID.NotFound',
    message: "The instance ID 'i-00000000000000000' does not exist",
    $metadata: { httpStatusCode: 400 }
  })
})
