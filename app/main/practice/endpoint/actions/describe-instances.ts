import type { Action, Actions } from '../action.ts'
import { imageOfInstance } from '../images/image-rules.ts'
import { describeReservation, privateDnsName, stateOf } from '../instances/describe-instance.ts'
import { stateCodes } from '../instances/lifecycle.ts'
import { badCombination, notFound } from '../protocol/error.ts'
import { readFilters, select, type FilterFields } from '../protocol/filters.ts'
import { checkIdForm } from '../protocol/ids.ts'
import { page } from '../protocol/pages.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { tagsOf, type InstanceRecord, type State } from '../state.ts'

/** The instances of these ids, in the order of the ids; all of them exist, or the request is refused as a whole. */
export function instancesById(ids: readonly string[], state: State): InstanceRecord[] {
  checkIdForm(ids, 'i', 'InvalidInstanceID.Malformed')
  const unknown = ids.filter((id) => !state.instances.some((instance) => instance.id === id))
  if (unknown.length > 0) throw notFound('InvalidInstanceID.NotFound', 'instance ID', unknown)
  return [...new Set(ids)].flatMap((id) => state.instances.find((instance) => instance.id === id) ?? [])
}

function readInstances(parameters: Parameters, state: State): readonly InstanceRecord[] {
  const ids = parameters.list('InstanceId')
  if (ids.length === 0) return state.instances
  if (parameters.has('MaxResults')) {
    throw badCombination('The parameter instancesSet cannot be used with the parameter maxResults')
  }
  return instancesById(ids, state)
}

const names = (ids: readonly string[], state: State) =>
  ids.flatMap((id) => state.securityGroups.find((group) => group.id === id)?.name ?? [])

function filterFields(state: State, region: string): FilterFields<InstanceRecord> {
  const groups = (instance: InstanceRecord) => instance.securityGroupIds
  const groupNames = (instance: InstanceRecord) => names(instance.securityGroupIds, state)
  const publicIp = (instance: InstanceRecord) => instance.address?.publicIp || null
  return {
    'instance-id': (instance) => instance.id,
    'instance-state-name': (instance) => instance.state,
    'instance-state-code': (instance) => String(stateCodes[instance.state]),
    'instance-type': (instance) => instance.type,
    'image-id': (instance) => instance.imageId,
    'availability-zone': (instance) => instance.zone,
    'subnet-id': (instance) => instance.subnetId,
    'vpc-id': () => state.vpc.id,
    'key-name': (instance) => instance.keyName,
    'client-token': (instance) => instance.clientToken,
    'reservation-id': (instance) => instance.reservationId,
    'owner-id': () => state.accountId,
    'group-id': groups,
    'instance.group-id': groups,
    'network-interface.group-id': groups,
    'group-name': groupNames,
    'instance.group-name': groupNames,
    'ip-address': publicIp,
    'network-interface.association.public-ip': publicIp,
    'private-ip-address': (instance) => instance.address?.privateIp ?? null,
    'private-dns-name': (instance) => privateDnsName(instance, region) || null,
    'dns-name': () => null,
    'placement-group-name': (instance) => instance.placementGroup,
    tenancy: (instance) => instance.tenancy,
    'launch-time': (instance) => instance.launchedAt,
    'launch-index': (instance) => String(instance.launchIndex),
    'instance-lifecycle': (instance) => (instance.spotRequestId === null ? null : 'spot'),
    'spot-instance-request-id': (instance) => instance.spotRequestId,
    'state-reason-code': (instance) => instance.reason?.code ?? null,
    architecture: (instance) => imageOfInstance(state, instance.imageId)?.architecture ?? null,
    'root-device-name': (instance) => imageOfInstance(state, instance.imageId)?.rootDevice ?? null,
    'root-device-type': () => 'ebs',
    hypervisor: () => 'xen',
    'virtualization-type': () => 'hvm',
    'monitoring-state': () => 'disabled',
    'block-device-mapping.volume-id': (instance) => instance.volumes.map((volume) => volume.id),
    'block-device-mapping.device-name': (instance) => instance.volumes.map((volume) => volume.device),
    'network-interface.network-interface-id': (instance) => instance.networkInterfaceId,
    'metadata-options.http-tokens': (instance) => instance.metadata.httpTokens
  }
}

const describeInstances: Action = {
  accepts: ['Filter', 'InstanceId', 'MaxResults', 'NextToken'],
  run(parameters, { state, region }) {
    const wanted = readInstances(parameters, state)
    const chosen = select(wanted, readFilters(parameters), filterFields(state, region), (instance) =>
      tagsOf(state, instance.id)
    )
    const { items, nextToken } = page(parameters, chosen, (instance) => instance.sequence, { least: 5, most: 1000 })
    const reservations = Map.groupBy(items, (instance) => instance.reservationId)
    return {
      reservationSet: [...reservations].map(([id, instances]) => describeReservation(id, instances, state, region)),
      nextToken
    }
  }
}

/** Only running instances, unless the request says otherwise. */
const describeInstanceStatus: Action = {
  accepts: ['Filter', 'InstanceId', 'MaxResults', 'NextToken', 'IncludeAllInstances'],
  run(parameters, { state, fleet }) {
    const all = parameters.boolean('IncludeAllInstances') ?? false
    const wanted = readInstances(parameters, state).filter((instance) => all || instance.state === 'running')
    const health = (instance: InstanceRecord) =>
      instance.state !== 'running' ? 'not-applicable' : fleet.isRebooting(instance.id) ? 'initializing' : 'ok'
    const reachable = { 'not-applicable': null, initializing: 'initializing', ok: 'passed' } as const
    const chosen = select(wanted, readFilters(parameters), {
      'availability-zone': (instance) => instance.zone,
      'instance-state-name': (instance) => instance.state,
      'instance-state-code': (instance) => String(stateCodes[instance.state]),
      'instance-status.status': health,
      'system-status.status': health,
      'instance-status.reachability': (instance) => reachable[health(instance)],
      'system-status.reachability': (instance) => reachable[health(instance)]
    })
    const { items, nextToken } = page(parameters, chosen, (instance) => instance.sequence, { least: 5, most: 1000 })
    return {
      instanceStatusSet: items.map((instance) => {
        const status = health(instance)
        const reachability = reachable[status]
        const summary = {
          status,
          details: reachability === null ? [] : [{ name: 'reachability', status: reachability }]
        }
        return {
          instanceId: instance.id,
          availabilityZone: instance.zone,
          instanceState: stateOf(instance),
          systemStatus: summary,
          instanceStatus: summary
        }
      }),
      nextToken
    }
  }
}

/** What the console has said so far; nothing while the machine is not there. */
const getConsoleOutput: Action = {
  accepts: ['InstanceId', 'Latest'],
  async run(parameters, { state, machines, faults }) {
    const id = parameters.required('InstanceId')
    parameters.boolean('Latest')
    const [instance] = instancesById([id], state)
    const said = instance?.booted ? await machines.console(id).catch(() => '') : ''
    const text = faults.nodeFault(id) === 'no-host-keys' ? withoutHostKeys(said) : said
    return { instanceId: id, timestamp: new Date().toISOString(), output: Buffer.from(text).toString('base64') }
  }
}

/** As of an image that prints none: neither cloud-init's block nor any other key. */
function withoutHostKeys(console: string): string {
  return console
    .replaceAll(/-----BEGIN SSH HOST KEY KEYS-----[^]*?-----END SSH HOST KEY KEYS-----\n?/g, '')
    .replaceAll(/^.*\b(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-\S+) AAAA.*\n?/gm, '')
}

export const describeInstancesActions: Actions = {
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
  GetConsoleOutput: getConsoleOutput
}
