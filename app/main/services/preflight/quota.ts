import type { Finding, InstanceType, ResolvedSpec } from '../../../contract/index.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import type { VcpuQuota } from '../../core/vcpu-quotas.ts'
import { vcpuQuotaOf } from '../../core/vcpu-quotas.ts'
import { fault } from './check.ts'
import type { Check, Subject } from './check.ts'

/** Whether the account may run as many vCPUs as the launch needs, beside those that run already. */
export const quotaCheck: Check = {
  about: 'The vCPU limits of the account',
  field: 'instances',
  async find(subject) {
    const wanted = wantedByQuota(subject.spec, subject.types)
    if (wanted.length === 0) return []
    const running = await subject.cloud.instances({})
    const findings = await Promise.all(wanted.map(async want => shortage(subject, want, running)))
    return findings.filter(finding => finding !== null)
  }
}

interface Want { readonly quota: VcpuQuota; readonly vcpus: number; readonly each: number; readonly spot: boolean }

/** vCPUs by limit: a network of Spot slaves and an on-demand master counts against two. */
function wantedByQuota(spec: ResolvedSpec, types: readonly InstanceType[]): Want[] {
  const each = types.find(type => type.name === spec.instanceType)?.vcpus
  if (each === undefined) return []
  const spotNodes = spec.spot === 'all' ? spec.instances : spec.spot === 'slaves' ? spec.instances - 1 : 0
  return ([[true, spotNodes], [false, spec.instances - spotNodes]] as const).flatMap(([spot, nodes]) => {
    const quota = nodes > 0 ? vcpuQuotaOf(spec.instanceType, spot) : null
    return quota === null ? [] : [{ quota, vcpus: nodes * each, each, spot }]
  })
}

async function shortage(
  { spec, types, cloud, vcpuLimit }: Subject, want: Want, instances: readonly InstanceRecord[]
): Promise<Finding | null> {
  const limit = await vcpuLimit(want.quota.code)
  if (limit === null) return null
  // AWS counts a type's own number of vCPUs, also where hyperthreading is off.
  const vcpusOf = (name: string) => types.find(type => type.name === name)?.vcpus ?? 0
  const used = instances
    .filter(one => one.state === 'pending' || one.state === 'running')
    .filter(one => vcpuQuotaOf(one.type, Boolean(one.spotRequestId))?.code === want.quota.code)
    .reduce((sum, one) => sum + vcpusOf(one.type), 0)
  const left = Math.max(0, limit - used)
  if (want.vcpus <= left) return null
  const room = Math.floor(left / want.each)
  return fault('QUOTA_SHORT', 'instances',
    `The launch needs ${want.vcpus} vCPUs${want.spot ? ' as Spot' : ''}, and the account may run ${left} more of ` +
    `${limit} in ${cloud.region} ("${want.quota.name}").`,
    `${room > 0 ? `Ask for ${room} ${spec.instanceType} or fewer` : 'Choose another kind of instance'}, or have the ` +
    `limit ${want.quota.code} raised under "Service Quotas".`)
}
