import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FaultRules } from '../../../app/main/practice/endpoint/faults/rules.ts'
import { findPractice, steerFaults } from '../../../app/main/practice/fault-client.ts'
import { one } from './launching.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
let home: string

beforeAll(async () => {
  cloud = await temporaryPractice({ timings: { pendingMs: 100, stoppingMs: 50, shuttingDownMs: 50 } })
  home = await mkdtemp(join(tmpdir(), 'rmada-aws-'))
})
afterAll(async () => {
  await cloud.end()
  await rm(home, { recursive: true, force: true })
})

const set = (rules: object) => steerFaults(cloud.practice, FaultRules.parse(rules))
beforeEach(async () => void await set({}))

/** One try of Debian's aws, so that no retry hides what the endpoint says. */
async function aws(words: string): Promise<{ stdout: string; stderr: string }> {
  const env = {
    PATH: '/usr/bin:/bin', HOME: home, AWS_ACCESS_KEY_ID: cloud.practice.accessKeyId, AWS_MAX_ATTEMPTS: '1',
    AWS_SECRET_ACCESS_KEY: cloud.practice.secretAccessKey, AWS_DEFAULT_REGION: cloud.practice.region,
    AWS_EC2_METADATA_DISABLED: 'true', PYTHONDONTWRITEBYTECODE: '1'
  }
  return new Promise((resolve) => {
    execFile('/usr/bin/aws', ['--endpoint-url', cloud.practice.endpoint, '--output', 'json', '--no-cli-pager', 'ec2',
      ...words.split(' ')], { env }, (_error, stdout, stderr) => resolve({ stdout, stderr }))
  })
}

const launch = (count: string, zone = 'practice-1a') =>
  aws(`run-instances --image-id ${one.ImageId} --instance-type ${one.InstanceType} --count ${count} ` +
    `--placement AvailabilityZone=${zone}`)
const idsOf = (stdout: string): string[] =>
  (JSON.parse(stdout) as { Instances: { InstanceId: string }[] }).Instances.map((one) => one.InstanceId)
const describeOne = async (id: string) => {
  const { stdout } = await aws(`describe-instances --instance-ids ${id}`)
  const { Reservations } = JSON.parse(stdout) as {
    Reservations: { Instances: { State: { Name: string }; StateReason?: { Code: string; Message: string } }[] }[]
  }
  return Reservations[0]?.Instances[0]
}

describe.skipIf(!existsSync('/usr/bin/aws'))('the AWS command line sees the faults as EC2 words them', () => {
  it('no capacity: all or nothing, or as many as there are, and room in another zone', async () => {
    await set({ capacity: [{ zone: 'practice-1a', count: 2 }] })
    expect((await launch('3')).stderr).toContain('(InsufficientInstanceCapacity)')
    expect(idsOf((await launch('1:3')).stdout)).toHaveLength(2)
    expect((await launch('1')).stderr).toContain('(InsufficientInstanceCapacity)')
    expect(idsOf((await launch('1', 'practice-1b')).stdout)).toHaveLength(1)
  })

  it('throttling', async () => {
    await set({ throttle: 1 })
    expect((await aws('describe-regions')).stderr).toContain('(RequestLimitExceeded)')
  })

  it('an instance that is not known yet', async () => {
    await set({ lateMs: 4000 })
    const [id = ''] = idsOf((await launch('1')).stdout)
    expect((await aws(`describe-instances --instance-ids ${id}`)).stderr).toContain('(InvalidInstanceID.NotFound)')
    expect((await aws(`create-tags --resources ${id} --tags Key=a,Value=b`)).stderr).toContain('NotFound')
    expect((await aws('describe-instances')).stdout).not.toContain(id)
    await set({})
    expect((await describeOne(id))?.State.Name).toMatch(/pending|running/)
  })

  it('a node that dies at its boot, with EC2\'s reason, and one that never boots', async () => {
    await set({ nodes: [{ fault: 'dies', next: 1 }, { fault: 'never-boots', next: 1 }] })
    const [dead = '', stuck = ''] = idsOf((await launch('2')).stdout)
    await sleep(600)
    expect(await describeOne(dead)).toMatchObject({
      State: { Name: 'terminated' }, StateReason: { Code: 'Server.InternalError' }
    })
    expect((await describeOne(stuck))?.State.Name).toBe('pending')
    await aws(`terminate-instances --instance-ids ${stuck}`)
    await sleep(400)
    expect((await describeOne(stuck))?.State.Name).toBe('terminated')
  })

  it('a security group that stays in use for a while', async () => {
    const { stdout } = await aws('create-security-group --group-name held --description held')
    const { GroupId } = JSON.parse(stdout) as { GroupId: string }
    const run = await aws(`run-instances --image-id ${one.ImageId} --instance-type ${one.InstanceType} ` +
      `--security-group-ids ${GroupId}`)
    await set({ groupInUseMs: 60_000 })
    await aws(`terminate-instances --instance-ids ${idsOf(run.stdout)[0]}`)
    await sleep(400)
    expect((await aws(`delete-security-group --group-id ${GroupId}`)).stderr).toContain('(DependencyViolation)')
    await set({})
    expect((await aws(`delete-security-group --group-id ${GroupId}`)).stderr).toBe('')
  })

  it('an answer that gets lost, though the work was done', async () => {
    await set({ lostAnswers: 1 })
    expect((await aws('create-security-group --group-name lost --description lost')).stderr).not.toBe('')
    await set({})
    expect((await aws('describe-security-groups --group-names lost')).stdout).toContain('"lost"')
  })
})

describe('the control of faults', () => {
  it('is found by the folder, tells what holds, and is the practice credentials\' alone', async () => {
    const found = await findPractice(cloud.directory)
    expect(found).toMatchObject({ endpoint: cloud.practice.endpoint, accessKeyId: cloud.practice.accessKeyId })
    await set({ throttle: 0.5, seed: 9 })
    expect(await steerFaults(cloud.practice, null)).toMatchObject({ throttle: 0.5, seed: 9 })
    const stranger = { ...cloud.practice, secretAccessKey: 'x'.repeat(40) }
    await expect(steerFaults(stranger, FaultRules.parse({}))).rejects.toMatchObject({ code: 'CLOUD_ERROR' })
  })
})
