import type { EC2Client } from '@aws-sdk/client-ec2'
import type { Session } from './session.ts'

/** A key that nobody holds the private half of; it is never imported. */
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA trial'
const noInstance = ['i-00000000000000000']
const DryRun = true

/** One trial call of EC2: it changes nothing, by DryRun. */
export type Trial = readonly [action: string, send: (client: EC2Client, sdk: Sdk) => Promise<unknown>]
type Sdk = Parameters<Parameters<Session['call']>[1]>[1]

/** What stands in the account already and trial calls may be about; null where there is none. */
export interface Found {
  readonly vpc: string | null
  readonly group: string | null
  readonly image: string | null
  readonly zone: string | null
}

/** Calls that only look. */
export const reads: readonly Trial[] = [
  ['DescribeAvailabilityZones', (client, sdk) => client.send(new sdk.DescribeAvailabilityZonesCommand({ DryRun }))],
  ['DescribeInstanceTypes', (client, sdk) => client.send(new sdk.DescribeInstanceTypesCommand({ DryRun }))],
  ['DescribeInstanceTypeOfferings',
    (client, sdk) => client.send(new sdk.DescribeInstanceTypeOfferingsCommand({ DryRun }))],
  ['DescribeImages', (client, sdk) => client.send(new sdk.DescribeImagesCommand({ DryRun, Owners: ['self'] }))],
  ['DescribeVpcs', (client, sdk) => client.send(new sdk.DescribeVpcsCommand({ DryRun }))],
  ['DescribeKeyPairs', (client, sdk) => client.send(new sdk.DescribeKeyPairsCommand({ DryRun }))],
  ['DescribeSecurityGroups', (client, sdk) => client.send(new sdk.DescribeSecurityGroupsCommand({ DryRun }))],
  ['DescribePlacementGroups', (client, sdk) => client.send(new sdk.DescribePlacementGroupsCommand({ DryRun }))],
  ['DescribeSubnets', (client, sdk) => client.send(new sdk.DescribeSubnetsCommand({ DryRun }))],
  ['DescribeVolumes', (client, sdk) => client.send(new sdk.DescribeVolumesCommand({ DryRun }))],
  ['DescribeSpotPriceHistory', (client, sdk) => client.send(new sdk.DescribeSpotPriceHistoryCommand({ DryRun }))],
  ['DescribeSpotInstanceRequests',
    (client, sdk) => client.send(new sdk.DescribeSpotInstanceRequestsCommand({ DryRun }))],
  ['DescribeInstances', (client, sdk) => client.send(new sdk.DescribeInstancesCommand({ DryRun }))]
]

/** Calls that would create or change; about what is there where it is there, as EC2 looks at that first. */
export const changes = ({ vpc, group, image, zone }: Found): readonly Trial[] => {
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
    ['CreateVolume', (client, sdk) => client.send(new sdk.CreateVolumeCommand({
      DryRun, AvailabilityZone: zone ?? '', Size: 1, VolumeType: 'gp3', Encrypted: true
    }))],
    ['AttachVolume', (client, sdk) => client.send(new sdk.AttachVolumeCommand({
      DryRun, VolumeId: 'vol-00000000000000000', InstanceId: noInstance[0], Device: '/dev/sdf'
    }))],
    ['GetConsoleOutput', (client, sdk) => client.send(new sdk.GetConsoleOutputCommand({
      DryRun, InstanceId: noInstance[0]
    }))],
    ['RebootInstances', (client, sdk) => client.send(new sdk.RebootInstancesCommand({ DryRun, InstanceIds }))],
    ['StopInstances', (client, sdk) => client.send(new sdk.StopInstancesCommand({ DryRun, InstanceIds }))],
    ['StartInstances', (client, sdk) => client.send(new sdk.StartInstancesCommand({ DryRun, InstanceIds }))],
    ['TerminateInstances', (client, sdk) => client.send(new sdk.TerminateInstancesCommand({ DryRun, InstanceIds }))],
    ['CancelSpotInstanceRequests', (client, sdk) => client.send(new sdk.CancelSpotInstanceRequestsCommand({
      DryRun, SpotInstanceRequestIds: ['sir-00000000']
    }))],
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
