import type { CallerIdentity } from '../../core/ports/index.ts'
import { clockAheadMs } from './clock-skew.ts'
import type { Session } from './session.ts'

/** Asks STS whose credentials these are. `endpoint`: where STS is asked too, as AWS has one of its own. */
export async function callerIdentity(session: Session, endpoint: string | null): Promise<CallerIdentity> {
  return await session.share('sts:GetCallerIdentity', async (shared) => {
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
    const client = new STSClient({ ...shared, ...(endpoint === null ? {} : { endpoint }) })
    let aheadMs = 0
    client.middlewareStack.add(
      (next) => async (request) => {
        const answer = await next(request)
        aheadMs = clockAheadMs(answer.response) ?? 0
        return answer
      },
      { step: 'deserialize', priority: 'low' }
    )
    const { Account = '', Arn = '', UserId = '' } = await client.send(new GetCallerIdentityCommand({}))
    return { account: Account, arn: Arn, userId: UserId, clockAheadSeconds: Math.round(aheadMs / 1000) }
  })
}
