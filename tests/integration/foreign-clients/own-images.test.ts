import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it, describe } from 'vitest'
import { catalogueImages, machineArchitecture } from '../../../app/main/practice/catalogue.ts'
import { servePractice } from '../../../app/main/practice/endpoint/serve.ts'
import { ids, tagsOf, withBoto3 } from './launching.ts'
import { startBoto3 } from './boto3.ts'
import { temporaryPractice } from './practice.ts'

const { call, refusal, run, wait } = withBoto3()
const parameter = (architecture: string) =>
  `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`

async function running(): Promise<string> {
  const [id = ''] = ids(await run())
  await wait('instance_running', { InstanceIds: [id] })
  return id
}

describe('images that boto3 makes', () => {
  it('are pending, then available, with their snapshot and the tags of the creating call', async () => {
    const InstanceId = await running()
    const specification = (ResourceType: string) => ({ ResourceType, Tags: [{ Key: 'for', Value: ResourceType }] })
    const { ImageId } = await call('create_image', {
      InstanceId, Name: 'mine (1)', Description: 'with R', NoReboot: true,
      TagSpecifications: [specification('image'), specification('snapshot')]
    })
    const pending = (await call('describe_images', { ImageIds: [ImageId] })).Images[0]
    expect(pending).toMatchObject({ State: 'pending', Name: 'mine (1)' })
    await wait('image_available', { ImageIds: [ImageId] })
    const image = (await call('describe_images', { Owners: ['self'], Filters: [{ Name: 'tag:for', Values: ['image'] }] })).Images[0]
    expect(image).toMatchObject({ ImageId, State: 'available', Description: 'with R', Architecture: machineArchitecture })
    expect(tagsOf(image)).toEqual({ for: 'image' })
    const { SnapshotId, VolumeSize } = image.BlockDeviceMappings[0].Ebs
    const { Snapshots } = await call('describe_snapshots', { OwnerIds: ['self'], SnapshotIds: [SnapshotId] })
    expect(Snapshots[0]).toMatchObject({ State: 'completed', Progress: '100%', VolumeSize })
    expect(tagsOf(Snapshots[0])).toEqual({ for: 'snapshot' })

    // A copy boots from it, and still tells its architecture when the image has gone.
    const [copy = ''] = ids(await run({ ImageId }))
    await wait('instance_running', { InstanceIds: [copy] })
    expect(await refusal('delete_snapshot', { SnapshotId })).toMatchObject({ code: 'InvalidSnapshot.InUse' })
    await call('deregister_image', { ImageId })
    await call('delete_snapshot', { SnapshotId })
    expect(await refusal('describe_images', { ImageIds: [ImageId] })).toMatchObject({ code: 'InvalidAMIID.NotFound' })
    expect((await call('describe_instances', { InstanceIds: [copy] })).Reservations[0].Instances[0])
      .toMatchObject({ ImageId, Architecture: machineArchitecture })
    await call('terminate_instances', { InstanceIds: [copy, InstanceId] })
  })

  it('are refused as EC2 refuses them', async () => {
    const InstanceId = await running()
    const { ImageId } = await call('create_image', { InstanceId, Name: 'taken', NoReboot: true })
    const again = (more: object) => refusal('create_image', { InstanceId, Name: 'other', NoReboot: true, ...more })
    expect(await again({ Name: 'taken' })).toMatchObject({ code: 'InvalidAMIName.Duplicate' })
    expect(await again({ Name: 'ü' })).toMatchObject({ code: 'InvalidAMIName.Malformed' })
    expect(await again({ InstanceId: 'i-0123456789abcdef0' })).toMatchObject({ code: 'InvalidInstanceID.NotFound' })
    expect(await again({ DryRun: true })).toMatchObject({ code: 'DryRunOperation' })
    // Pending images boot nowhere.
    expect(await refusal('run_instances', { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }))
      .toMatchObject({ code: 'InvalidAMIID.Unavailable' })
    expect(await refusal('deregister_image', { ImageId: catalogueImages[0]?.id })).toMatchObject({ code: 'AuthFailure' })
    await call('deregister_image', { ImageId })
    await call('terminate_instances', { InstanceIds: [InstanceId] })
  })

  it('are there again after a restart of the endpoint', async () => {
    const cloud = await temporaryPractice({ timings: { pendingMs: 50 } })
    const options = { stateDirectory: cloud.directory, backend: 'none', port: 0, log: () => {} } as const
    let before = startBoto3(cloud.practice)
    const image = catalogueImages.find((one) => one.architecture === machineArchitecture)?.id
    const launched = await before.call('run_instances', { ImageId: image, InstanceType: 'c7i.large', MinCount: 1, MaxCount: 1 })
    const [InstanceId = ''] = ids(launched)
    await before.wait('instance_running', { InstanceIds: [InstanceId] })
    const { ImageId } = await before.call('create_image', { InstanceId, Name: 'kept', NoReboot: true })
    await before.close()
    await cloud.practice.close({ powerOff: false })
    const practice = await servePractice(options)
    before = startBoto3(practice)
    await before.wait('image_available', { ImageIds: [ImageId] })
    expect((await before.call('describe_images', { ImageIds: [ImageId] })).Images[0].Name).toBe('kept')
    await before.close()
    await practice.close({ powerOff: true })
    await cloud.end()
  })
})

describe('public parameters', () => {
  it('name the practice images to boto3, and names without one as invalid', async () => {
    const { Parameters, InvalidParameters } = await call('get_parameters',
      { Names: [parameter('x86_64'), '/aws/service/nothing', parameter('arm64')] }, { service: 'ssm' })
    expect(Parameters.map((one: { Value: string }) => one.Value)).toEqual(catalogueImages.map((one) => one.id))
    expect(Parameters[0]).toMatchObject({ Type: 'String', DataType: 'aws:ec2:image', Version: 1 })
    expect(InvalidParameters).toEqual(['/aws/service/nothing'])
    expect(await refusal('get_parameters', { Names: Array.from({ length: 11 }, (_, n) => `/n/${n}`) }, { service: 'ssm' }))
      .toMatchObject({ code: 'ValidationException' })
  })

  it('name them to the AWS CLI', async () => {
    const cloud = await temporaryPractice()
    const { stdout } = await promisify(execFile)('/usr/bin/aws', [
      'ssm', 'get-parameters', '--names', parameter('arm64'), '--query', 'Parameters[0].Value', '--output', 'text',
      '--endpoint-url', cloud.practice.endpoint, '--region', cloud.practice.region
    ], {
      env: {
        PATH: '/usr/bin:/bin', AWS_ACCESS_KEY_ID: cloud.practice.accessKeyId,
        AWS_SECRET_ACCESS_KEY: cloud.practice.secretAccessKey, AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null', PYTHONDONTWRITEBYTECODE: '1'
      }
    })
    expect(stdout.trim()).toBe(catalogueImages[1]?.id)
    await cloud.end()
  })
})
