import type { EC2Client } from '@aws-sdk/client-ec2'
import type { PermissionCheck } from '../../../contract/index.ts'
import type { RmadaError } from '../../core/error.ts'
import { findDefaultVpc } from './catalogue.ts'
import { ec2Code } from './errors.ts'
import { callerIdentity } from './identity.ts'
import type { Session } from './session.ts'

/** A key that nobody holds the private half of; it is never imported. */
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA trial'
const noInstance = ['i-00000000000000000']
const DryRun = true

type Trial = readonly [action: string, send: (client: EC2Client, sdk: Sdk) => Promise<unknown>]
type Sdk = Parameters<Parameters<Session['call']>[1]>[1]

/** What stands in the account already and trial calls may be about; null where there is none. */
interface Found {
  readonly vpc: string | null
  readonly group: string | null
  readonly image: string | null
}

const reads: readonly Trial[] = [
  ['DescribeAvailabilityZones', (client, sdk) => client.send(new sdk.DescribeAvailabilityZonesCommand({ DryRun }))],
  ['DescribeInstanceTypes', (client, sdk) => client.send(new sdk.DescribeInstanceTypesCommand({ DryRun }))],
  ['DescribeInstanceTypeOfferings',
    (client, sdk) => client.send(new sdk.DescribeInstanceTypeOfferingsCommand({ DryRun }))],
  ['DescribeImages', (client, sdk) => client.send(new sdk.DescribeImagesCommand({ DryRun, Owners: ['self'] }))],
  ['DescribeVpcs', (client, sdk) => client.send(new sdk.DescribeVpcsCommand({ DryRun }))],
  ['DescribeKeyPairs', (client, sdk) => client.send(new sdk.DescribeKeyPairsCommand({ DryRun }))],
  ['DescribeSecurityGroups', (client, sdk) => client.send(new sdk.DescribeSecurityGroupsCommand({ DryRun }))],
  ['DescribePlacementGroups', (client, sdk) => client.send(new sdk.DescribePlacementGroupsCommand({ DryRun }))],
  ['DescribeInstances', (client, sdk) => client.send(new sdk.DescribeInstancesCommand({ DryRun }))]
]

/** Calls that would create or change; about what is there where it is there, as EC2 looks at that first. */
const changes = ({ vpc, group, image }: Found): readonly Trial[] => {
  const GroupId = group ?? 'sg-00000000000000000'
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '192.0.2.1/32' }] }]
  const InstanceIds = noInstance
  return [
    ['ImportKeyPair', (client, sdk) => client.send(new sdk.ImportKeyPairCommand({
      DryRun, KeyName: 'rmada-trial', PublicKeyMaterial: Buffer.from(publicKey)
    }))],
    ['CreateSecurityGroup', (client, sdk) => client.send(new sdk.CreateSecurityGroupCommand({
      DryRun, GroupName: 'rmada-trial', Description: 'A trial that creates nothing', ...(vpc ? { VpcId: vpc } : {})
    }))],
    ['AuthorizeSecurityGroupIngress',
      (client, sdk) => client.send(new sdk.AuthorizeSecurityGroupIngressCommand({ DryRun, GroupId, IpPermissions }))],
    ['RevokeSecurityGroupIngress',
      (client, sdk) => client.send(new sdk.RevokeSecurityGroupIngressCommand({ DryRun, GroupId, IpPermissions }))],
    ['CreatePlacementGroup', (client, sdk) => client.send(new sdk.CreatePlacementGroupCommand({
      DryRun, GroupName: 'rmada-trial', Strategy: 'cluster'
    }))],
    ['RunInstances', (client, sdk) => client.send(new sdk.RunInstancesCommand({
      DryRun, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ImageId: image ?? 'ami-00000000000000000'
    }))],
    ['CreateTags', (client, sdk) => client.send(new sdk.CreateTagsCommand({
      DryRun, Resources: [vpc ?? 'vpc-00000000000000000'], Tags: [{ Key: 'rmada:trial', Value: '' }]
    }))],
    ['GetConsoleOutput', (client, sdk) => client.send(new sdk.GetConsoleOutputCommand({
      DryRun, InstanceId: noInstance[0]
    }))],
    ['RebootInstances', (client, sdk) => client.send(new sdk.RebootInstancesCommand({ DryRun, InstanceIds }))],
    ['StopInstances', (client, sdk) => client.send(new sdk.StopInstancesCommand({ DryRun, InstanceIds }))],
    ['StartInstances', (client, sdk) => client.send(new sdk.StartInstancesCommand({ DryRun, InstanceIds }))],
    ['TerminateInstances', (client, sdk) => client.send(new sdk.TerminateInstancesCommand({ DryRun, InstanceIds }))],
    ['DeleteKeyPair', (client, sdk) => client.send(new sdk.DeleteKeyPairCommand({
      DryRun, KeyPairId: 'key-00000000000000000'
    }))],
    ['DeleteSecurityGroup', (client, sdk) => client.send(new sdk.DeleteSecurityGroupCommand({
      DryRun, GroupId: 'sg-00000000000000000'
    }))],
    ['DeletePlacementGroup', (client, sdk) => client.send(new sdk.DeletePlacementGroupCommand({
      DryRun, GroupName: 'rmada-trial'
    }))]
  ]
}

/** Tries one action. What it is about may not exist, so that a fault found in the call leaves the matter open. */
async function check(session: Session, [action, send]: Trial): Promise<PermissionCheck> {
  const name = `ec2:${action}`
  try {
    await session.call(action, send)
    return { action: name, result: 'allowed', note: '' }
  } catch (error) {
    const code = ec2Code(error)
    if (code === 'DryRunOperation') return { action: name, result: 'allowed', note: '' }
    const failure = error as RmadaError
    if (failure.code === 'CLOUD_DENIED') return { action: name, result: 'denied', note: '' }
    // Anything else that is wrong with the whole connection is no answer about permissions.
    if (failure.code !== 'CLOUD_ERROR') throw error
    return { action: name, result: 'unknown', note: `It cannot be tried without something to try it on (${code}).` }
  }
}

async function firstOrNull<T>(work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    // What may not be looked up is reported by its own trial.
    if ((error as RmadaError).code === 'CLOUD_DENIED') return null
    throw error
  }
}

async function lookAround(session: Session): Promise<Found> {
  const vpc = await firstOrNull(() => findDefaultVpc(session))
  const [group, image] = await Promise.all([
    vpc === null ? null : firstOrNull(async () => {
      const Filters = [{ Name: 'vpc-id', Values: [vpc] }, { Name: 'group-name', Values: ['default'] }]
      const { SecurityGroups } = await session.call('DescribeSecurityGroups', (client, sdk) =>
        client.send(new sdk.DescribeSecurityGroupsCommand({ Filters }))
      )
      return SecurityGroups?.[0]?.GroupId ?? null
    }),
    firstOrNull(async () => {
      const Filters = [{ Name: 'architecture', Values: ['x86_64'] }, { Name: 'state', Values: ['available'] }]
      const { Images } = await session.call('DescribeImages', (client, sdk) =>
        client.send(new sdk.DescribeImagesCommand({ Owners: ['amazon', 'self'], Filters, MaxResults: 20 }))
      )
      return Images?.[0]?.ImageId ?? null
    })
  ])
  return { vpc, group, image }
}

/** Tries every action of a launch by DryRun, a few at a time; `sts` as for callerIdentity. */
export async function checkPermissions(session: Session, sts: string | null): Promise<readonly PermissionCheck[]> {
  // First, so that wrong credentials are told as such; nothing can forbid this call.
  await callerIdentity(session, sts)
  const trials = [...reads, ...changes(await lookAround(session))]
  const checks: PermissionCheck[] = [{ action: 'sts:GetCallerIdentity', result: 'allowed', note: '' }]
  for (let at = 0; at < trials.length; at += 4) {
    checks.push(...(await Promise.all(trials.slice(at, at + 4).map((trial) => check(session, trial)))))
  }
  return checks
}
