import type { Instance, RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import type { Cloud, InstanceRecord, RunInstancesRequest } from '../../core/ports/index.ts'
import { coresOf } from './catalogue.ts'
import { ec2Code } from './errors.ts'
import { findImage } from './images.ts'
import type { Session } from './session.ts'
import { fromTags, tagging, toTags, withTags } from './tags.ts'

type Verbs = Pick<
  Cloud,
  | 'runInstances'
  | 'instances'
  | 'consoleOutput'
  | 'rebootInstances'
  | 'stopInstances'
  | 'startInstances'
  | 'terminateInstances'
  | 'tag'
>

/** Empty strings are how EC2 says that an instance has no such address. */
const orNull = (text: string | undefined) => (text ? text : null)

function toRecord(instance: Instance): InstanceRecord {
  return {
    id: instance.InstanceId ?? '',
    state: instance.State?.Name ?? 'pending',
    reason: instance.StateReason?.Message ?? instance.StateTransitionReason ?? '',
    type: instance.InstanceType ?? '',
    image: instance.ImageId ?? '',
    zone: instance.Placement?.AvailabilityZone ?? '',
    launchedAt: instance.LaunchTime?.toISOString() ?? '',
    publicDns: orNull(instance.PublicDnsName),
    publicIp: orNull(instance.PublicIpAddress),
    privateDns: orNull(instance.PrivateDnsName),
    privateIp: orNull(instance.PrivateIpAddress),
    keyName: orNull(instance.KeyName),
    securityGroupIds: (instance.SecurityGroups ?? []).flatMap((group) => (group.GroupId ? [group.GroupId] : [])),
    spotRequestId: orNull(instance.SpotInstanceRequestId),
    tags: fromTags(instance.Tags)
  }
}

/** Where the root volume sits: needed to have it encrypted. Null for images without one. */
async function rootDeviceOf(session: Session, request: RunInstancesRequest): Promise<string | null> {
  return request.rootDevice ?? (await findImage(session, request.image))?.rootDevice ?? null
}

const spotRequest = ['spot-instances-request'] as const

/** One-time and ended by EC2 when it takes them back: a stopped node would be of no use to MPI. */
function toMarket(
  { maxPrice }: NonNullable<RunInstancesRequest['spot']>
): RunInstancesCommandInput['InstanceMarketOptions'] {
  const SpotOptions = { SpotInstanceType: 'one-time', InstanceInterruptionBehavior: 'terminate' } as const
  // As decimals: a number as small as these would else be written with an exponent.
  const cap = maxPrice === null ? {} : { MaxPrice: maxPrice.toFixed(6).replace(/\.?0+$/, '') }
  return { MarketType: 'spot', SpotOptions: { ...SpotOptions, ...cap } }
}

const volumeType = (asked: string | undefined) => (asked === 'gp2' ? 'gp2' : 'gp3')

async function toInput(session: Session, request: RunInstancesRequest): Promise<RunInstancesCommandInput> {
  const [rootDevice, cores] = await Promise.all([
    rootDeviceOf(session, request),
    request.threadsPerCore === null ? null : coresOf(session, request.type, request.threadsPerCore)
  ])
  return {
    ClientToken: request.clientToken,
    MinCount: request.atLeast ?? request.count,
    MaxCount: request.count,
    // The SDK's list of types is older than EC2's; EC2 itself refuses what it does not know.
    InstanceType: request.type as NonNullable<RunInstancesCommandInput['InstanceType']>,
    ImageId: request.image,
    KeyName: request.keyName,
    SecurityGroupIds: [...request.securityGroupIds],
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
    ...(request.subnet ? { SubnetId: request.subnet } : {}),
    ...(request.spot ? { InstanceMarketOptions: toMarket(request.spot) } : {}),
    TagSpecifications: tagging(request.tags, 'instance', 'volume', ...(request.spot ? spotRequest : [])),
    ...(request.zone || request.placementGroup
      ? {
          Placement: {
            ...(request.zone ? { AvailabilityZone: request.zone } : {}),
            ...(request.placementGroup ? { GroupName: request.placementGroup } : {})
          }
        }
      : {}),
    ...(request.threadsPerCore !== null && cores !== null
      ? { CpuOptions: { CoreCount: cores, ThreadsPerCore: request.threadsPerCore } }
      : {}),
    ...(rootDevice
      ? {
          BlockDeviceMappings: [
            {
              DeviceName: rootDevice,
              Ebs: {
                VolumeType: volumeType(request.rootVolumeType),
                Encrypted: true,
                DeleteOnTermination: true,
                ...(request.rootVolumeGib === null ? {} : { VolumeSize: request.rootVolumeGib })
              }
            }
          ]
        }
      : {}),
    ...(request.userData === null ? {} : { UserData: Buffer.from(request.userData).toString('base64') })
  }
}

const unknownId = /^InvalidInstanceID\.NotFound$/

/** Instances: renting, looking at, driving and giving back. */
export function instanceVerbs(session: Session): Verbs {
  const { call, patiently, patience } = session
  /** EC2 may not know an instance for some seconds after it made it. */
  const onceKnown = <T>(work: () => Promise<T>) => patiently(unknownId, patience.notYetKnown, work)

  const latestConsole = (id: string, Latest: boolean) =>
    call('GetConsoleOutput', (client, { GetConsoleOutputCommand }) =>
      client.send(new GetConsoleOutputCommand({ InstanceId: id, ...(Latest ? { Latest } : {}) }))
    )

  const terminateNow = (ids: readonly string[]) =>
    call('TerminateInstances', (client, { TerminateInstancesCommand }) =>
      client.send(new TerminateInstancesCommand({ InstanceIds: [...ids] }))
    )

  const terminate = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return
    try {
      await terminateNow(ids)
    } catch (error) {
      if (!unknownId.test(ec2Code(error))) throw error
      // One unknown id makes EC2 refuse them all: the others go at once, as they cost money.
      const message = String((error as Error).cause)
      const unknown = ids.filter((id) => message.includes(id))
      if (unknown.length > 0) await terminate(ids.filter((id) => !message.includes(id)))
      await terminateUnknown(unknown.length > 0 ? unknown : ids)
    }
  }
  /** An unknown id is long gone, or so young that EC2 does not know it yet: only time tells. */
  const terminateUnknown = async (ids: readonly string[]): Promise<void> => {
    await Promise.all(
      ids.map(async (id) => {
        try {
          await onceKnown(() => terminateNow([id]))
        } catch (error) {
          if (!unknownId.test(ec2Code(error))) throw error
        }
      })
    )
  }

  return {
    async runInstances(request) {
      const input = await toInput(session, request)
      const { Instances } = await patiently(
        /^(InvalidGroup|InvalidKeyPair)\.NotFound$|^InvalidPlacementGroup\.Unknown$/,
        patience.notYetKnown,
        () => call('RunInstances', (client, { RunInstancesCommand }) => client.send(new RunInstancesCommand(input)))
      )
      return (Instances ?? []).map(toRecord)
    },
    instances: (tags) =>
      call('DescribeInstances', async (client, { paginateDescribeInstances }) => {
        const records: InstanceRecord[] = []
        for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, { Filters: withTags(tags) })) {
          for (const reservation of page.Reservations ?? [])
            records.push(...(reservation.Instances ?? []).map(toRecord))
        }
        return records
      }),
    async consoleOutput(id) {
      try {
        const { Output } = await onceKnown(() => latestConsole(id, true))
        return Buffer.from(Output ?? '', 'base64').toString('utf8')
      } catch (error) {
        // Types that are not built on Nitro only have the output that EC2 gathered some minutes ago.
        if (!ec2Code(error).startsWith('Unsupported')) throw error
        const { Output } = await latestConsole(id, false)
        return Buffer.from(Output ?? '', 'base64').toString('utf8')
      }
    },
    async rebootInstances(ids) {
      await onceKnown(() =>
        call('RebootInstances', (client, { RebootInstancesCommand }) =>
          client.send(new RebootInstancesCommand({ InstanceIds: [...ids] }))
        )
      )
    },
    async stopInstances(ids) {
      await onceKnown(() =>
        call('StopInstances', (client, { StopInstancesCommand }) =>
          client.send(new StopInstancesCommand({ InstanceIds: [...ids] }))
        )
      )
    },
    async startInstances(ids) {
      await onceKnown(() =>
        call('StartInstances', (client, { StartInstancesCommand }) =>
          client.send(new StartInstancesCommand({ InstanceIds: [...ids] }))
        )
      )
    },
    terminateInstances: terminate,
    async tag(ids, tags) {
      await onceKnown(() =>
        call('CreateTags', (client, { CreateTagsCommand }) =>
          client.send(new CreateTagsCommand({ Resources: [...ids], Tags: toTags(tags) }))
        )
      )
    }
  }
}
