import { vcpuQuotaOf, vcpuQuotas } from '../../core/vcpu-quotas.ts'
import { catalogueType, type CatalogueType } from '../catalogue.ts'
import { Ec2Error } from './protocol/error.ts'
import type { State } from './state.ts'

/**
 * vCPUs that the practice account may run, by code of Service Quotas: enough for as many ordinary machines as this
 * computer carries, and little enough that a large wish meets the limit, as it does in a young account of AWS.
 */
const limits: Readonly<Record<string, number>> = {
  'L-1216C47A': 512,
  'L-34B43A08': 256,
  'L-DB2E81BA': 8,
  'L-3819A6DF': 8,
  'L-F7808C92': 192
}

export const practiceQuotas = vcpuQuotas.map((quota) => ({ ...quota, value: limits[quota.code] ?? 0 }))

/** vCPUs that count against a limit now. AWS counts a type's own number, also where hyperthreading is off. */
function usedVcpus(code: string, state: State): number {
  return state.instances
    .filter((instance) => instance.state === 'pending' || instance.state === 'running')
    .filter((instance) => vcpuQuotaOf(instance.type, instance.spotRequestId !== null)?.code === code)
    .reduce((sum, instance) => sum + (catalogueType(instance.type)?.vcpus ?? 0), 0)
}

/** How many more of a type the account may run. */
export function instancesLeft(type: CatalogueType, spot: boolean, state: State): number {
  const quota = vcpuQuotaOf(type.name, spot)
  const limit = practiceQuotas.find((one) => one.code === quota?.code)
  if (!limit) return Number.POSITIVE_INFINITY
  return Math.max(0, Math.floor((limit.value - usedVcpus(limit.code, state)) / type.vcpus))
}

/** What EC2 says at each of the two limits. */
export function quotaExceeded(type: CatalogueType, spot: boolean): Ec2Error {
  if (spot) return new Ec2Error('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded')
  const limit = practiceQuotas.find((one) => one.code === vcpuQuotaOf(type.name, false)?.code)?.value ?? 0
  return new Ec2Error(
    'VcpuLimitExceeded',
    `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket ` +
      'that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to ' +
      'request an adjustment to this limit.'
  )
}
