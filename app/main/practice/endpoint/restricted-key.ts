import { Ec2Error } from './protocol/error.ts'
import { claimedKey, type Credentials, type SignedRequest } from './protocol/signature.ts'

/** A second access key of the practice account, whose owner may not do everything. */
export interface RestrictedKey {
  readonly credentials: Credentials
  /** Actions with their service: ec2:RunInstances. */
  readonly denied: ReadonlySet<string>
}

/** The key that a request claims to be signed with: the restricted one, or else the account's own. */
export function keyOf(request: SignedRequest, own: Credentials, restricted: RestrictedKey | null): Credentials {
  return restricted && claimedKey(request) === restricted.credentials.accessKeyId ? restricted.credentials : own
}

/** Raises IAM's refusal when the key may not do the action; before the action looks at anything, as on AWS. */
export function checkAllowed(
  key: Credentials, restricted: RestrictedKey | null, service: string, action: string
): void {
  if (restricted === null || key !== restricted.credentials || !restricted.denied.has(`${service}:${action}`)) return
  throw service === 'ec2'
    ? new Ec2Error('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403)
    : new Ec2Error('AccessDeniedException', `User is not authorized to perform: ${service}:${action}`, 400)
}
