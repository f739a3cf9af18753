import type { PermissionCheck } from '../../../contract/index.ts'
import type { RmadaError } from '../../core/error.ts'
import { findDefaultVpc, listZones } from './catalogue.ts'
import { ec2Code } from './errors.ts'
import { callerIdentity } from './identity.ts'
import type { Session } from './session.ts'
import { vcpuLimit } from './service-quotas.ts'
import { changes, reads } from './trial-calls.ts'
import type { Found, Trial } from './trial-calls.ts'

/** Quota code of the vCPUs of ordinary instances on demand. */
const ordinaryVcpus = 'L-1216C47A'

/** Tries one action. What it is about may not exist, so that a fault found in the call leaves the matter open. */
async function check(session: Session, [action, send]: Trial): Promise<PermissionCheck> {
  const name = `ec2:${action}`
  try {
    await session.call(action, send)
    return { action: name, result: 'allowed', note: '' }
  } catch (error) {
    const code = ec2Code(error)
    if (code === 'DryRunOperation') return { action: name, result: 'allowed', note: '' }
    const failure = error as RmadaError
    if (failure.code === 'CLOUD_DENIED') return { action: name, result: 'denied', note: '' }
    // Anything else that is wrong with the whole connection is no answer about permissions.
    if (failure.code !== 'CLOUD_ERROR') throw error
    return { action: name, result: 'unknown', note: `It cannot be tried without something to try it on (${code}).` }
  }
}

async function firstOrNull<T>(work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    // What may not be looked up is reported by its own trial.
    if ((error as RmadaError).code === 'CLOUD_DENIED') return null
    throw error
  }
}

async function lookAround(session: Session): Promise<Found> {
  const vpc = await firstOrNull(() => findDefaultVpc(session))
  const [zone, group, image] = await Promise.all([
    firstOrNull(async () => (await listZones(session))[0]?.name ?? null),
    vpc === null ? null : firstOrNull(async () => {
      const Filters = [{ Name: 'vpc-id', Values: [vpc] }, { Name: 'group-name', Values: ['default'] }]
      const { SecurityGroups } = await session.call('DescribeSecurityGroups', (client, sdk) =>
        client.send(new sdk.DescribeSecurityGroupsCommand({ Filters }))
      )
      return SecurityGroups?.[0]?.GroupId ?? null
    }),
    firstOrNull(async () => {
      const Filters = [{ Name: 'architecture', Values: ['x86_64'] }, { Name: 'state', Values: ['available'] }]
      const { Images } = await session.call('DescribeImages', (client, sdk) =>
        client.send(new sdk.DescribeImagesCommand({ Owners: ['amazon', 'self'], Filters, MaxResults: 20 }))
      )
      return Images?.[0]?.ImageId ?? null
    })
  ])
  return { vpc, group, image, zone }
}

/** Reading a quota has no DryRun: it is read. An endpoint that is not AWS may have no quotas at all. */
async function checkQuotas(session: Session, endpoint: string | null): Promise<PermissionCheck> {
  const action = 'servicequotas:GetServiceQuota'
  try {
    await vcpuLimit(session, endpoint, ordinaryVcpus)
    return { action, result: 'allowed', note: '' }
  } catch (error) {
    if ((error as RmadaError).code === 'CLOUD_DENIED') return { action, result: 'denied', note: '' }
    return { action, result: 'unknown', note: 'Quotas could not be read here.' }
  }
}

/** Tries every action of a launch by DryRun, a few at a time; `sts` as for callerIdentity. */
export async function checkPermissions(session: Session, sts: string | null): Promise<readonly PermissionCheck[]> {
  // First, so that wrong credentials are told as such; nothing can forbid this call.
  await callerIdentity(session, sts)
  const trials = [...reads, ...changes(await lookAround(session))]
  const checks: PermissionCheck[] = [{ action: 'sts:GetCallerIdentity', result: 'allowed', note: '' }]
  for (let at = 0; at < trials.length; at += 4) {
    checks.push(...(await Promise.all(trials.slice(at, at + 4).map((trial) => check(session, trial)))))
  }
  return [...checks, await checkQuotas(session, sts)]
}
