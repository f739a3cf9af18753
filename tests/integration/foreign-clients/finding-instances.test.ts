import { describe, expect, it } from 'vitest'
import type { Parsed } from './boto3.ts'
import { ids, withBoto3 } from './launching.ts'

const { call, refusal, wait, pages, run, describeOne, terminate } = withBoto3()

describe('finding instances', () => {
  it('filters by state, tag and wildcard, and pages', async () => {
    const launch = (name: string, count: number) =>
      run({
        MinCount: count,
        MaxCount: count,
        TagSpecifications: [
          {
            ResourceType: 'instance',
            Tags: [
              { Key: 'net', Value: name },
              { Key: `only-${name}`, Value: '' }
            ]
          }
        ]
      })
    const [blue, green] = [await launch('blue*', 4), await launch('green', 4)]
    const all = [...ids(blue), ...ids(green)]
    const found = async (...Filters: { Name: string; Values: string[] }[]) =>
      (await call('describe_instances', { Filters })).Reservations.flatMap(ids).sort()

    expect(await found({ Name: 'tag:net', Values: ['*ue?'] })).toEqual(ids(blue).sort())
    expect(await found({ Name: 'tag:net', Values: ['blue\\*'] })).toEqual(ids(blue).sort())
    expect(await found({ Name: 'tag:net', Values: ['BLUE*'] })).toEqual([])
    expect(await found({ Name: 'tag-key', Values: ['only-green'] })).toEqual(ids(green).sort())
    expect(
      await found({ Name: 'tag:net', Values: ['*'] }, { Name: 'reservation-id', Values: [green.ReservationId] })
    ).toEqual(ids(green).sort())
    expect(
      await found({ Name: 'tag:net', Values: ['*'] }, { Name: 'instance-state-name', Values: ['terminated'] })
    ).toEqual([])
    expect(await refusal('describe_instances', { Filters: [{ Name: 'net', Values: ['x'] }] })).toMatchObject({
      code: 'InvalidParameterValue',
      message: "The filter 'net' is invalid"
    })

    const shown = await pages('describe_instances', {
      Filters: [{ Name: 'tag:net', Values: ['*'] }],
      PaginationConfig: { PageSize: 5 }
    })
    expect(shown.map((page) => page.Reservations.flatMap(ids).length)).toEqual([5, 3])
    expect(new Set(shown.flatMap((page) => page.Reservations.flatMap(ids)))).toEqual(new Set(all))
    expect(await refusal('describe_instances', { MaxResults: 4 })).toMatchObject({
      code: 'InvalidParameterValue'
    })
    expect(await refusal('describe_instances', { InstanceIds: [all[0]], MaxResults: 5 })).toMatchObject({
      code: 'InvalidParameterCombination'
    })

    const status = await call('describe_instance_status', { InstanceIds: all, IncludeAllInstances: true })
    expect(status.InstanceStatuses).toHaveLength(8)
    await wait('instance_running', { InstanceIds: all })
    const running = await call('describe_instance_status', { InstanceIds: ids(blue) })
    expect(
      running.InstanceStatuses.map((item: Parsed) => [
        item.InstanceState.Name,
        item.InstanceStatus.Status,
        item.InstanceStatus.Details[0]
      ])
    ).toEqual(ids(blue).map(() => ['running', 'ok', { Name: 'reachability', Status: 'passed' }]))
    await terminate(all)
    expect((await call('describe_instance_status', { InstanceIds: all })).InstanceStatuses).toEqual([])
  })

  it('refuses ids that are malformed or unknown, for every action that takes them', async () => {
    const unknown = 'i-00000000000000000'
    const actions = [
      'describe_instances',
      'describe_instance_status',
      'start_instances',
      'stop_instances',
      'reboot_instances',
      'terminate_instances'
    ]
    for (const action of actions) {
      expect({ action, ...(await refusal(action, { InstanceIds: [unknown] })) }).toMatchObject({
        action,
        code: 'InvalidInstanceID.NotFound',
        message: `The instance ID '${unknown}' does not exist`
      })
      expect({ action, ...(await refusal(action, { InstanceIds: ['server1'] })) }).toMatchObject({
        action,
        code: 'InvalidInstanceID.Malformed',
        message: 'Invalid id: "server1" (expecting "i-...")'
      })
    }
    expect(await refusal('describe_instances', { InstanceIds: [unknown, 'i-00000000000000001'] })).toMatchObject({
      message: `The instance IDs '${unknown}, i-00000000000000001' do not exist`
    })
    expect(await refusal('get_console_output', { InstanceId: unknown })).toMatchObject({
      code: 'InvalidInstanceID.NotFound'
    })
    expect(await refusal('terminate_instances', {})).toMatchObject({ code: 'MissingParameter' })
  })

  it('terminates all of a request or none', async () => {
    const [id = ''] = ids(await run())
    expect(await refusal('terminate_instances', { InstanceIds: [id, 'i-00000000000000000'] })).toMatchObject({
      code: 'InvalidInstanceID.NotFound'
    })
    expect((await describeOne(id)).State.Name).toBe('pending')
    await terminate([id])
  })
})

describe('tags', () => {
  it('are made, replaced, found and deleted', async () => {
    const { GroupId } = await call('create_security_group', { GroupName: 'tagged', Description: 'x' })
    const [id = ''] = ids(await run())
    await call('create_tags', {
      Resources: [id, GroupId],
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: 'ä "quoted" <&>\ttab' }
      ]
    })
    await call('create_tags', { Resources: [id], Tags: [{ Key: 'a', Value: '2' }] })
    const onInstance = async () =>
      Object.fromEntries(
        (await call('describe_tags', { Filters: [{ Name: 'resource-id', Values: [id] }] })).Tags.map((tag: Parsed) => [
          tag.Key,
          tag.Value
        ])
      )
    expect(await onInstance()).toEqual({ a: '2', b: 'ä "quoted" <&>\ttab', 'rmada:ssh-port': '22' })
    const groups = await call('describe_tags', {
      Filters: [
        { Name: 'resource-type', Values: ['security-group'] },
        { Name: 'key', Values: ['a'] }
      ]
    })
    expect(groups.Tags).toEqual([{ ResourceId: GroupId, ResourceType: 'security-group', Key: 'a', Value: '1' }])

    await call('delete_tags', { Resources: [id], Tags: [{ Key: 'a', Value: 'other' }, { Key: 'b' }] })
    expect(await onInstance()).toEqual({ a: '2', 'rmada:ssh-port': '22' })
    await call('delete_tags', { Resources: [GroupId] })
    expect((await call('describe_security_groups', { GroupIds: [GroupId] })).SecurityGroups[0].Tags).toBeUndefined()
    await terminate([id])
    await call('delete_security_group', { GroupId })
  })

  it('are refused on what is not there, and when they are not allowed', async () => {
    const tag = [{ Key: 'a', Value: '1' }]
    expect(await refusal('create_tags', { Resources: ['i-00000000000000000'], Tags: tag })).toMatchObject({
      code: 'InvalidInstanceID.NotFound'
    })
    expect(await refusal('create_tags', { Resources: ['thing'], Tags: tag })).toMatchObject({
      code: 'InvalidID',
      message: "The ID 'thing' is not valid"
    })
    const { Vpcs } = await call('describe_vpcs')
    const on = (Tags: object[]) => refusal('create_tags', { Resources: [Vpcs[0].VpcId], Tags })
    expect(await on([])).toMatchObject({ code: 'MissingParameter' })
    expect(await on([{ Key: 'k'.repeat(129), Value: '' }])).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await on([{ Key: 'k', Value: 'v'.repeat(257) }])).toMatchObject({ code: 'InvalidParameterValue' })
    expect(
      await on([
        { Key: 'k', Value: '1' },
        { Key: 'k', Value: '2' }
      ])
    ).toMatchObject({ code: 'InvalidParameterValue', message: "Duplicate tag key 'k' specified." })
  })
})
