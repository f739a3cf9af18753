import { ec2Code } from './errors.ts'
import type { Session } from './session.ts'

/**
 * How many vCPUs the account may run under a limit. Null where Service Quotas does not know the code, as in regions
 * that lack the family.
 */
export async function vcpuLimit(session: Session, endpoint: string | null, code: string): Promise<number | null> {
  try {
    return await session.share('servicequotas:GetServiceQuota', async (shared) => {
      const { GetServiceQuotaCommand, ServiceQuotasClient } = await import('@aws-sdk/client-service-quotas')
      const client = new ServiceQuotasClient({ ...shared, ...(endpoint ? { endpoint } : {}) })
      const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: code }))
      return Quota?.Value ?? null
    })
  } catch (error) {
    if (ec2Code(error) === 'NoSuchResourceException') return null
    throw error
  }
}
