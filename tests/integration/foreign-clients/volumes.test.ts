import { describe, expect, it } from 'vitest'
import type { Parsed } from './boto3.ts'
import { ids, tagsOf, withBoto3 } from './launching.ts'

const { call, refusal, wait, pages, run, describeOne, terminate } = withBoto3()

const zone = 'practice-1a'
const make = (more: object = {}): Promise<Parsed> => call('create_volume', { AvailabilityZone: zone, Size: 1, ...more })
const available = (...VolumeIds: string[]) => wait('volume_available', { VolumeIds })
const look = async (id: string): Promise<Parsed> => (await call('describe_volumes', { VolumeIds: [id] })).Volumes[0]
async function machine(): Promise<string> {
  const [id = ''] = ids(await run({ Placement: { AvailabilityZone: zone } }))
  await wait('instance_running', { InstanceIds: [id] })
  return id
}

describe('volumes', () => {
  it('is created with its tags, found by filters and deleted', async () => {
    const made = await make({
      VolumeType: 'gp3', Encrypted: true, TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'Name', Value: 'data' }] }]
    })
    expect(made).toMatchObject({ State: 'creating', Size: 1, VolumeType: 'gp3', Iops: 3000, Encrypted: true, AvailabilityZone: zone })
    await available(made.VolumeId)
    const found = await call('describe_volumes', { Filters: [{ Name: 'tag:Name', Values: ['data'] }, { Name: 'status', Values: ['available'] }] })
    expect(found.Volumes.map((one: Parsed) => one.VolumeId)).toEqual([made.VolumeId])
    expect(tagsOf(found.Volumes[0])).toEqual({ Name: 'data' })
    await call('delete_volume', { VolumeId: made.VolumeId })
    await wait('volume_deleted', { VolumeIds: [made.VolumeId] })
    expect(await refusal('delete_volume', { VolumeId: made.VolumeId })).toMatchObject({ code: 'InvalidVolume.NotFound' })
  })

  it('is created once for one token, and its type has limits', async () => {
    const ClientToken = 'token-of-a-volume'
    const first = await make({ ClientToken })
    expect((await make({ ClientToken })).VolumeId).toBe(first.VolumeId)
    const refused = (more: object) => refusal('create_volume', { AvailabilityZone: zone, Size: 1, ...more })
    expect(await refused({ ClientToken, Size: 2 })).toMatchObject({ code: 'IdempotentParameterMismatch' })
    expect(await refused({ VolumeType: 'st1', Size: 100 })).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await refused({ Size: 70_000 })).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await refused({ VolumeType: 'io2', Size: 4 })).toMatchObject({ code: 'MissingParameter' })
    expect(await refused({ AvailabilityZone: 'practice-1x' })).toMatchObject({ code: 'InvalidZone.NotFound' })
    expect(await refused({ DryRun: true })).toMatchObject({ code: 'DryRunOperation' })
    await available(first.VolumeId)
    await call('delete_volume', { VolumeId: first.VolumeId })
  })

  it('goes to one instance of its zone, and is free again after it', async () => {
    const id = await machine()
    const { VolumeId } = await make()
    const elsewhere = (await make({ AvailabilityZone: 'practice-1b' })).VolumeId
    await available(VolumeId, elsewhere)
    const attach = { VolumeId, InstanceId: id, Device: '/dev/sdf' }
    expect(await refusal('attach_volume', { ...attach, VolumeId: elsewhere })).toMatchObject({ code: 'InvalidVolume.ZoneMismatch' })
    expect(await refusal('attach_volume', { ...attach, Device: '/dev/../x' })).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await refusal('detach_volume', { VolumeId })).toMatchObject({ code: 'IncorrectState' })
    expect(await call('attach_volume', attach)).toMatchObject({ State: 'attaching', Device: '/dev/sdf', InstanceId: id })
    expect(await refusal('attach_volume', attach)).toMatchObject({ code: 'VolumeInUse' })
    await wait('volume_in_use', { VolumeIds: [VolumeId] })
    expect(await refusal('delete_volume', { VolumeId })).toMatchObject({ code: 'VolumeInUse' })
    const devices = (await describeOne(id)).BlockDeviceMappings.map((one: Parsed) => one.Ebs.VolumeId)
    expect(devices).toHaveLength(2)
    expect(devices).toContain(VolumeId)
    const root = devices.find((one: string) => one !== VolumeId)
    expect((await look(root)).Attachments[0]).toMatchObject({ InstanceId: id, DeleteOnTermination: true })
    expect(await refusal('detach_volume', { VolumeId: root })).toMatchObject({ code: 'OperationNotPermitted' })
    await call('detach_volume', { VolumeId })
    await available(VolumeId)

    await call('attach_volume', attach)
    const doomed = (await make()).VolumeId
    await available(doomed)
    await call('attach_volume', { ...attach, VolumeId: doomed, Device: '/dev/sdg' })
    await call('modify_instance_attribute', {
      InstanceId: id, BlockDeviceMappings: [{ DeviceName: '/dev/sdg', Ebs: { DeleteOnTermination: true } }]
    })
    await terminate([id])
    await available(VolumeId)
    await wait('volume_deleted', { VolumeIds: [doomed] })
    await call('delete_volume', { VolumeId })
    await call('delete_volume', { VolumeId: elsewhere })
  })

  it('is listed page by page', async () => {
    const made = await Promise.all(Array.from({ length: 7 }, () => make()))
    const volumeIds = made.map((one) => one.VolumeId)
    await available(...volumeIds)
    const Filters = [{ Name: 'volume-id', Values: volumeIds }]
    const listed = (await pages('describe_volumes', { Filters, PaginationConfig: { PageSize: 5 } })).flatMap((one: Parsed) => one.Volumes)
    expect(listed).toHaveLength(volumeIds.length)
    expect(new Set(listed.map((one: Parsed) => one.VolumeId))).toEqual(new Set(volumeIds))
    expect((await call('describe_volume_status', { VolumeIds: volumeIds.slice(0, 1) })).VolumeStatuses[0].VolumeStatus.Status).toBe('ok')
    for (const VolumeId of volumeIds) await call('delete_volume', { VolumeId })
  })

  it('has snapshots, of which new volumes are made', async () => {
    const { VolumeId } = await make()
    await available(VolumeId)
    const { SnapshotId } = await call('create_snapshot', {
      VolumeId, Description: 'before', TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'a', Value: 'b' }] }]
    })
    await wait('snapshot_completed', { SnapshotIds: [SnapshotId] })
    const [snapshot] = (await call('describe_snapshots', { OwnerIds: ['self'] })).Snapshots
    expect(snapshot).toMatchObject({ SnapshotId, VolumeId, VolumeSize: 1, Progress: '100%', Description: 'before' })
    const copy = await call('create_volume', { AvailabilityZone: 'practice-1b', SnapshotId })
    expect(copy).toMatchObject({ Size: 1, SnapshotId })
    await call('delete_snapshot', { SnapshotId })
    expect(await refusal('delete_snapshot', { SnapshotId })).toMatchObject({ code: 'InvalidSnapshot.NotFound' })
  })
})
