import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
beforeAll(async () => {
  cloud = await temporaryPractice({
    deny: ['ec2:CreateKeyPair', 'ec2:DescribeVpcs', 'servicequotas:GetServiceQuota']
  })
})
afterAll(async () => await cloud.end())

/** Debian's aws cli with the restricted key, or with the account's own; resolves with what it printed. */
function aws(words: readonly string[], own = false): Promise<string> {
  const key = own ? cloud.practice : cloud.practice.restricted
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: cloud.directory,
    AWS_ACCESS_KEY_ID: key?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key?.secretAccessKey,
    AWS_DEFAULT_REGION: cloud.practice.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    PYTHONDONTWRITEBYTECODE: '1'
  }
  return new Promise((resolve) => {
    execFile('/usr/bin/aws', [...words, '--endpoint-url', cloud.practice.endpoint], { env },
      (_error, stdout, stderr) => resolve(stdout + stderr))
  })
}

it('the aws cli is refused what the restricted key may not do, tried or in earnest, and nothing else', async () => {
  expect(await aws(['ec2', 'describe-vpcs'])).toContain('(UnauthorizedOperation) when calling the DescribeVpcs')
  expect(await aws(['ec2', 'create-key-pair', '--key-name', 'k', '--dry-run'])).toContain('(UnauthorizedOperation)')
  expect(await aws(['ec2', 'describe-key-pairs', '--dry-run'])).toContain('(DryRunOperation)')
  expect(await aws(['service-quotas', 'get-service-quota', '--service-code', 'ec2', '--quota-code', 'L-1216C47A']))
    .toContain('(AccessDeniedException)')
  expect(await aws(['sts', 'get-caller-identity'])).toContain('arn:aws:iam::')
})

it("the account's own key may do it all", async () => {
  expect(await aws(['ec2', 'describe-vpcs'], true)).toContain('"VpcId"')
  expect(await aws(['ec2', 'create-key-pair', '--key-name', 'k', '--dry-run'], true)).toContain('(DryRunOperation)')
})
