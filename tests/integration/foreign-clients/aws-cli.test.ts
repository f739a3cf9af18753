import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { machineArchitecture } from '../../../app/main/practice/catalogue.ts'
import { ec2Actions } from '../../../app/main/practice/endpoint/router.ts'
import type { Parsed } from './boto3.ts'
import { small } from './launching.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
let folder: string
const asked = new Set<string>()

beforeAll(async () => {
  cloud = await temporaryPractice({ timings: { pendingMs: 300, stoppingMs: 100 } })
  folder = await mkdtemp(join(tmpdir(), 'rmada-aws-'))
})
afterAll(async () => {
  await cloud.end()
  await rm(folder, { recursive: true, force: true })
})

/** Two at a time: every call starts a Python of its own. */
let free = 2
const waiting: (() => void)[] = []

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function start(words: readonly string[]): Promise<Outcome> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
  else free -= 1
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: folder,
    AWS_ACCESS_KEY_ID: cloud.practice.accessKeyId,
    AWS_SECRET_ACCESS_KEY: cloud.practice.secretAccessKey,
    AWS_DEFAULT_REGION: cloud.practice.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    PYTHONDONTWRITEBYTECODE: '1'
  }
  try {
    return await new Promise<Outcome>((resolve) => {
      execFile(
        '/usr/bin/aws',
        ['--endpoint-url', cloud.practice.endpoint, '--output', 'json', '--no-cli-pager', ...words],
        { env },
        (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
        }
      )
    })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
}

/** `aws ec2 …` in one line, parsed; words with spaces are given apart. */
async function ec2(line: string, ...more: string[]): Promise<Parsed> {
  const words = [...line.split(' '), ...more]
  asked.add((words[0] ?? '').replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()))
  const { code, stdout, stderr } = await start(['ec2', ...words])
  if (code !== 0) throw new Error(`aws ec2 ${words.join(' ')}: ${stderr}`)
  return stdout.trim() === '' ? null : JSON.parse(stdout)
}

async function refusal(line: string): Promise<string> {
  const { code, stderr } = await start(['ec2', ...line.split(' ')])
  // What aws ends with when the service refused, as against 252 and 253 for its own reasons.
  expect({ code, stderr }).toMatchObject({ code: 254 })
  return stderr.trim()
}

/** The cli's own waiters look every 15 seconds only. */
async function until(show: (id: string) => Promise<Parsed>, id: string, state: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) if ((await show(id))[0].State.Name === state) return
  throw new Error(`${id} did not come to be ${state}`)
}

/** The same for whatever else has a state. */
async function becomes(state: () => Promise<Parsed>, wanted: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) if ((await state()) === wanted) return
  throw new Error(`It did not come to be ${wanted}`)
}

const image = async () =>
  (await ec2('describe-images --owners self --filters', `Name=architecture,Values=${machineArchitecture}`)).Images[0]

describe.concurrent("Debian's aws", () => {
  it('sees the catalogue', async () => {
    expect((await ec2('describe-regions')).Regions[0].RegionName).toBe('practice-1')
    expect((await ec2('describe-availability-zones')).AvailabilityZones).toHaveLength(3)
    // The cli's own paginator joins the pages.
    const types = await ec2(
      'describe-instance-types --page-size 10 --query',
      'InstanceTypes[].[InstanceType,VCpuInfo.DefaultVCpus]'
    )
    expect(types).toContainEqual(['c7i.8xlarge', 32])
    expect(types.length).toBeGreaterThanOrEqual(25)
    const offerings = await ec2(
      'describe-instance-type-offerings --location-type availability-zone --filters Name=instance-type,Values=hpc7a.*'
    )
    expect(new Set(offerings.InstanceTypeOfferings.map((offering: Parsed) => offering.Location))).toEqual(
      new Set(['practice-1b'])
    )
    const { Vpcs } = await ec2('describe-vpcs --filters Name=isDefault,Values=true')
    const { Subnets } = await ec2(`describe-subnets --filters Name=vpc-id,Values=${Vpcs[0].VpcId}`)
    expect(Subnets.map((subnet: Parsed) => subnet.AvailabilityZone)).toEqual([
      'practice-1a',
      'practice-1b',
      'practice-1c'
    ])
    expect((await image()).Name).toMatch(/^practice-linux-/)
    const identity = await start(['sts', 'get-caller-identity'])
    expect(JSON.parse(identity.stdout).UserId).toBe(cloud.practice.accessKeyId)
  })

  it('handles key pairs', async () => {
    const made = await ec2('create-key-pair --key-name cli-made --key-type ed25519')
    expect(made.KeyMaterial).toContain('BEGIN OPENSSH PRIVATE KEY')
    const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1VjQVHfjOoCwrLjRoRCdKTYLFBlGJUTKV0rlhBDWB'
    await writeFile(join(folder, 'key.pub'), `${line} me@here\n`)
    const imported = await ec2(
      `import-key-pair --key-name cli-mine --public-key-material fileb://${join(folder, 'key.pub')}`
    )
    const { KeyPairs } = await ec2('describe-key-pairs --key-names cli-mine --include-public-key')
    expect(KeyPairs[0]).toMatchObject({
      KeyFingerprint: imported.KeyFingerprint,
      PublicKey: `${line} cli-mine`,
      KeyType: 'ed25519'
    })
    await ec2('delete-key-pair --key-name cli-mine')
    expect(await refusal('describe-key-pairs --key-names cli-mine')).toBe(
      'An error occurred (InvalidKeyPair.NotFound) when calling the DescribeKeyPairs operation: ' +
        "The key pair 'cli-mine' does not exist"
    )
  })

  it('handles security groups', async () => {
    const { GroupId } = await ec2('create-security-group --group-name cli --description made-by-aws')
    const open = await ec2(
      `authorize-security-group-ingress --group-id ${GroupId} --protocol tcp --port 22 --cidr 203.0.113.5/32`
    )
    expect(open.SecurityGroupRules[0]).toMatchObject({ FromPort: 22, ToPort: 22, CidrIpv4: '203.0.113.5/32' })
    const { SecurityGroups } = await ec2(`describe-security-groups --group-ids ${GroupId}`)
    expect(SecurityGroups[0].IpPermissions[0].IpRanges).toEqual([{ CidrIp: '203.0.113.5/32' }])
    const rules = await ec2(`describe-security-group-rules --filters Name=group-id,Values=${GroupId}`)
    expect(rules.SecurityGroupRules).toHaveLength(2)
    const closed = await ec2(
      `revoke-security-group-ingress --group-id ${GroupId} --protocol tcp --port 22 --cidr 203.0.113.5/32`
    )
    expect(closed.Return).toBe(true)
    await ec2(`delete-security-group --group-id ${GroupId}`)
    expect(await refusal(`delete-security-group --group-id ${GroupId}`)).toContain('(InvalidGroup.NotFound)')
  })

  it('handles placement groups', async () => {
    await ec2('create-placement-group --group-name cli --strategy cluster')
    const { PlacementGroups } = await ec2('describe-placement-groups --group-names cli')
    expect(PlacementGroups[0]).toMatchObject({ Strategy: 'cluster', State: 'available' })
    await ec2('delete-placement-group --group-name cli')
    expect(await refusal('delete-placement-group --group-name cli')).toContain('(InvalidPlacementGroup.Unknown)')
  })

  it('leads an instance through its life', async () => {
    const { ImageId } = await image()
    const reservation = await ec2(
      `run-instances --image-id ${ImageId} --instance-type ${small} --count 2 --client-token cli --tag-specifications`,
      'ResourceType=instance,Tags=[{Key=Name,Value=from the cli}]'
    )
    const [id, other]: string[] = reservation.Instances.map((instance: Parsed) => instance.InstanceId)
    const show = (which: string) =>
      ec2(`describe-instances --instance-ids ${which} --query`, 'Reservations[].Instances[]')
    expect(reservation.Instances[0]).toMatchObject({
      State: { Name: 'pending' },
      Tags: expect.arrayContaining([{ Key: 'Name', Value: 'from the cli' }])
    })
    await until(show, `${id}`, 'running')
    const { InstanceStatuses } = await ec2(`describe-instance-status --instance-ids ${id}`)
    expect(InstanceStatuses[0].InstanceState.Name).toBe('running')

    await ec2(`create-tags --resources ${id} --tags Key=colour,Value=red Key=empty,Value=`)
    await ec2(`delete-tags --resources ${id} --tags Key=empty`)
    const { Tags } = await ec2(`describe-tags --filters Name=resource-id,Values=${id}`)
    expect(Tags.map((tag: Parsed) => `${tag.ResourceType} ${tag.Key}=${tag.Value}`)).toEqual(
      expect.arrayContaining(['instance Name=from the cli', 'instance colour=red', 'instance rmada:ssh-port=22'])
    )
    expect(Tags).toHaveLength(3)

    const consoleOutput = await ec2(`get-console-output --latest --instance-id ${id}`)
    expect(consoleOutput).toMatchObject({ InstanceId: id, Output: expect.stringContaining('without machines') })
    await ec2(`reboot-instances --instance-ids ${id}`)
    const stopping = await ec2(`stop-instances --instance-ids ${id}`)
    expect(stopping.StoppingInstances[0].CurrentState.Name).toBe('stopping')
    await until(show, `${id}`, 'stopped')
    expect((await ec2(`start-instances --instance-ids ${id}`)).StartingInstances[0].CurrentState.Name).toBe('pending')
    const ending = await ec2(`terminate-instances --instance-ids ${id} ${other}`)
    expect(ending.TerminatingInstances.map((change: Parsed) => change.CurrentState.Name)).toEqual([
      'shutting-down',
      'shutting-down'
    ])
    expect(await refusal('terminate-instances --instance-ids i-00000000000000000')).toBe(
      'An error occurred (InvalidInstanceID.NotFound) when ' +
        "calling the TerminateInstances operation: The instance ID 'i-00000000000000000' does not exist"
    )
    expect(await refusal(`run-instances --dry-run --image-id ${ImageId} --instance-type ${small}`)).toContain(
      '(DryRunOperation)'
    )
  })

  it('makes, attaches, snapshots and deletes volumes', async () => {
    const volumes = async (id: string) => (await ec2(`describe-volumes --volume-ids ${id}`)).Volumes[0]
    const { ImageId } = await image()
    const launched = await ec2(`run-instances --image-id ${ImageId} --instance-type ${small}`)
    const { InstanceId, Placement } = launched.Instances[0]
    await until((id) => ec2(`describe-instances --instance-ids ${id} --query`, 'Reservations[].Instances[]'), InstanceId, 'running')
    const { VolumeId } = await ec2(`create-volume --availability-zone ${Placement.AvailabilityZone} --size 1 --volume-type gp3`)
    await becomes(async () => (await volumes(VolumeId)).State, 'available')
    const status = await ec2(`describe-volume-status --volume-ids ${VolumeId}`)
    expect(status.VolumeStatuses[0].VolumeStatus.Status).toBe('ok')
    const attached = await ec2(`attach-volume --volume-id ${VolumeId} --instance-id ${InstanceId} --device /dev/sdf`)
    expect(attached).toMatchObject({ InstanceId, Device: '/dev/sdf' })
    await becomes(async () => (await volumes(VolumeId)).Attachments[0]?.State, 'attached')
    await ec2(
      `modify-instance-attribute --instance-id ${InstanceId} --block-device-mappings`,
      '[{"DeviceName":"/dev/sdf","Ebs":{"DeleteOnTermination":true}}]'
    )
    expect((await volumes(VolumeId)).Attachments[0].DeleteOnTermination).toBe(true)
    expect(await refusal(`delete-volume --volume-id ${VolumeId}`)).toContain('(VolumeInUse)')
    const { SnapshotId } = await ec2(`create-snapshot --volume-id ${VolumeId}`)
    const snapshot = async () => (await ec2(`describe-snapshots --snapshot-ids ${SnapshotId}`)).Snapshots[0].State
    await becomes(snapshot, 'completed')
    await ec2(`detach-volume --volume-id ${VolumeId}`)
    await becomes(async () => (await volumes(VolumeId)).State, 'available')
    await ec2(`delete-volume --volume-id ${VolumeId}`)
    await ec2(`delete-snapshot --snapshot-id ${SnapshotId}`)
    expect(await refusal(`describe-snapshots --snapshot-ids ${SnapshotId}`)).toContain('(InvalidSnapshot.NotFound)')
    await ec2(`terminate-instances --instance-ids ${InstanceId}`)
  })

  it('makes an image of an instance and deregisters it', async () => {
    const { ImageId } = await image()
    const launched = await ec2(`run-instances --image-id ${ImageId} --instance-type ${small}`)
    const { InstanceId } = launched.Instances[0]
    await until((id) => ec2(`describe-instances --instance-ids ${id} --query`, 'Reservations[].Instances[]'), InstanceId, 'running')
    const made = await ec2(`create-image --instance-id ${InstanceId} --name from-the-cli --no-reboot`)
    const shown = async () => (await ec2(`describe-images --image-ids ${made.ImageId}`)).Images[0]
    await becomes(async () => (await shown()).State, 'available')
    expect(await shown()).toMatchObject({ Name: 'from-the-cli' })
    await ec2(`deregister-image --image-id ${made.ImageId}`)
    expect(await refusal(`describe-images --image-ids ${made.ImageId}`)).toContain('(InvalidAMIID.NotFound)')
    await ec2(`terminate-instances --instance-ids ${InstanceId}`)
  })

  it('sees what Spot costs', async () => {
    const { SpotPriceHistory } = await ec2(
      `describe-spot-price-history --instance-types ${small} --availability-zone practice-1a --max-items 3`
    )
    expect(SpotPriceHistory).toHaveLength(3)
    expect(Number(SpotPriceHistory[0].SpotPrice)).toBeGreaterThan(0)
  })

  it('rents a Spot instance and cancels its request', async () => {
    const { ImageId } = await image()
    const { Instances } = await ec2(
      `run-instances --image-id ${ImageId} --instance-type ${small} --instance-market-options MarketType=spot`
    )
    const { InstanceId, SpotInstanceRequestId: id } = Instances[0]
    const { SpotInstanceRequests } = await ec2(`describe-spot-instance-requests --spot-instance-request-ids ${id}`)
    expect(SpotInstanceRequests[0]).toMatchObject({ State: 'active', InstanceId })
    const cancelled = await ec2(`cancel-spot-instance-requests --spot-instance-request-ids ${id}`)
    expect(cancelled.CancelledSpotInstanceRequests).toEqual([{ SpotInstanceRequestId: id, State: 'cancelled' }])
    await ec2(`terminate-instances --instance-ids ${InstanceId}`)
  })
})

it('has asked for every action that the endpoint has', () => {
  expect([...asked].sort()).toEqual(Object.keys(ec2Actions).sort())
})
