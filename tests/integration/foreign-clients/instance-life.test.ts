import { describe, expect, it } from 'vitest'
import { servePractice } from '../../../app/main/practice/endpoint/serve.ts'
import { startBoto3 } from './boto3.ts'
import { ids, one, small, tagsOf, withBoto3 } from './launching.ts'
import { temporaryPractice } from './practice.ts'

/** Long enough for a client on a busy computer to see every state that passes. */
const timings = { pendingMs: 1200, stoppingMs: 1000, shuttingDownMs: 1000, terminatedVisibleMs: 3000 }

const { call, refusal, wait, run, describeOne, terminate } = withBoto3({ timings })

describe('a life of an instance', () => {
  it('is pending, runs, stops, starts, reboots, is terminated and vanishes', async () => {
    const reservation = await run({
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'one' }] }]
    })
    const [id = ''] = ids(reservation)
    expect(reservation.Instances[0]).toMatchObject({
      State: { Code: 0, Name: 'pending' },
      AmiLaunchIndex: 0,
      InstanceType: small
    })
    expect((await describeOne(id)).State).toEqual({ Code: 0, Name: 'pending' })
    expect(await refusal('stop_instances', { InstanceIds: [id] })).toEqual({
      code: 'IncorrectInstanceState',
      status: 400,
      message: `The instance '${id}' is not in a state from which it can be stopped.`
    })

    await wait('instance_running', { InstanceIds: [id] })
    await wait('instance_status_ok', { InstanceIds: [id] })
    const running = await describeOne(id)
    expect(running).toMatchObject({
      State: { Code: 16, Name: 'running' },
      Placement: { AvailabilityZone: expect.stringMatching(/^practice-1[abc]$/) }
    })
    expect(tagsOf(running)).toEqual({ Name: 'one', 'rmada:ssh-port': '22' })
    expect(running.PrivateDnsName).toBe(
      `ip-${running.PrivateIpAddress.replaceAll('.', '-')}.practice-1.compute.internal`
    )
    expect(running.PublicIpAddress).toMatch(/^[\d.]+$/)

    const stopped = await call('stop_instances', { InstanceIds: [id] })
    expect(stopped.StoppingInstances).toEqual([
      { InstanceId: id, CurrentState: { Code: 64, Name: 'stopping' }, PreviousState: { Code: 16, Name: 'running' } }
    ])
    expect(await refusal('start_instances', { InstanceIds: [id] })).toMatchObject({
      code: 'IncorrectInstanceState'
    })
    await wait('instance_stopped', { InstanceIds: [id] })
    const resting = await describeOne(id)
    expect(resting.StateReason).toEqual({
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown'
    })
    expect(resting.PublicIpAddress).toBeUndefined()
    expect(await refusal('reboot_instances', { InstanceIds: [id] })).toMatchObject({
      code: 'IncorrectInstanceState'
    })

    const started = await call('start_instances', { InstanceIds: [id] })
    expect(started.StartingInstances[0]).toMatchObject({
      CurrentState: { Name: 'pending' },
      PreviousState: { Name: 'stopped' }
    })
    await wait('instance_running', { InstanceIds: [id] })
    const again = await describeOne(id)
    expect(again.PrivateIpAddress).not.toBe(running.PrivateIpAddress)
    expect(again.StateReason).toBeUndefined()
    expect(tagsOf(again)).toEqual(tagsOf(running))

    await call('reboot_instances', { InstanceIds: [id] })
    await wait('instance_status_ok', { InstanceIds: [id] })
    expect((await describeOne(id)).PrivateIpAddress).toBe(again.PrivateIpAddress)

    const ended = await call('terminate_instances', { InstanceIds: [id] })
    expect(ended.TerminatingInstances).toEqual([
      {
        InstanceId: id,
        CurrentState: { Code: 32, Name: 'shutting-down' },
        PreviousState: { Code: 16, Name: 'running' }
      }
    ])
    expect((await describeOne(id)).State.Name).toBe('shutting-down')
    await wait('instance_terminated', { InstanceIds: [id] })
    const gone = await describeOne(id)
    expect(gone).toMatchObject({
      State: { Code: 48, Name: 'terminated' },
      BlockDeviceMappings: [],
      NetworkInterfaces: []
    })
    expect((await call('terminate_instances', { InstanceIds: [id] })).TerminatingInstances[0].PreviousState.Name).toBe(
      'terminated'
    )
    expect(await refusal('start_instances', { InstanceIds: [id] })).toMatchObject({
      code: 'IncorrectInstanceState'
    })

    await new Promise((resolve) => setTimeout(resolve, timings.terminatedVisibleMs + 100))
    expect(await refusal('describe_instances', { InstanceIds: [id] })).toEqual({
      code: 'InvalidInstanceID.NotFound',
      status: 400,
      message: `The instance ID '${id}' does not exist`
    })
  })

  it('is terminated while it boots', async () => {
    const launched = ids(await run({ MinCount: 3, MaxCount: 3 }))
    await terminate(launched)
    expect((await describeOne(launched[2] ?? '')).State.Name).toBe('terminated')
  })
})

describe('the end of the endpoint', () => {
  it('forgets nothing', async () => {
    const kept = await temporaryPractice({ timings })
    const before = startBoto3(kept.practice)
    const reservation = await before.call('run_instances', {
      ...one,
      ClientToken: 'kept'
    })
    await before.wait('instance_running', { InstanceIds: ids(reservation) })
    await before.call('create_security_group', { GroupName: 'kept', Description: 'x' })
    const instances = await before.call('describe_instances')
    await before.close()
    await kept.practice.close({ powerOff: true })

    const again = await servePractice({
      stateDirectory: kept.directory,
      backend: 'none',
      port: 0,
      log: () => {},
      timings
    })
    expect([again.accessKeyId, again.secretAccessKey]).toEqual([
      kept.practice.accessKeyId,
      kept.practice.secretAccessKey
    ])
    const after = startBoto3(again)
    const { ResponseMetadata: _, ...rest } = await after.call('describe_instances')
    expect(rest.Reservations).toEqual(instances.Reservations)
    expect((await after.call('describe_security_groups', { GroupNames: ['kept'] })).SecurityGroups).toHaveLength(1)
    const repeated = await after.call('run_instances', {
      ...one,
      ClientToken: 'kept'
    })
    expect(ids(repeated)).toEqual(ids(reservation))
    await after.close()
    await again.close({ powerOff: true })
    await kept.end()
  })
})
