import type { ErrorCode } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'

/** What the SDK throws: an EC2 error by its code as `name`, a Node error by `code`, or a failure of its own. */
interface SdkFailure {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
}

interface Rule { readonly code: ErrorCode; readonly message: string; readonly suggestion: string }
type Rules = readonly (readonly [RegExp, Rule])[]

const rule = (code: ErrorCode, message: string, suggestion: string): Rule => ({ code, message, suggestion })

/** EC2's error codes in words; the first that matches counts. `{said}` is EC2's own sentence. */
const rules: Rules = [
  [/^(RequestExpired|RequestTimeTooSkewed|RequestInTheFuture)$/, rule('CREDENTIALS_REJECTED',
    'The cloud refuses the call because this computer\'s clock is wrong.', 'Set the clock of this computer and try again.')],
  [/^(ExpiredToken|ExpiredTokenException|Request.*ExpiredToken)$/, rule('CREDENTIALS_REJECTED',
    'The AWS session has ended.', 'Sign in again (for example with "aws sso login") and try again.')],
  [/^SignatureDoesNotMatch$|^InvalidSignature/, rule('CREDENTIALS_REJECTED',
    'The cloud does not accept the secret access key.', 'Check that the secret belongs to the access key id and was copied whole.')],
  [/^(AuthFailure|InvalidClientTokenId|InvalidAccessKeyId|MissingAuthenticationToken|UnrecognizedClientException|IncompleteSignature)$/,
    rule('CREDENTIALS_REJECTED', 'The cloud does not accept the access key.',
      'Check the access key id and its secret, and that the key is active and the region enabled for the account.')],
  [/^(UnauthorizedOperation|AccessDenied|AccessDeniedException|Client\.UnauthorizedOperation)$/, rule('CLOUD_DENIED',
    'These credentials may not do {action}.', 'Ask the account\'s administrator for the permission ec2:{action}.')],
  [/^(OptInRequired|Blocked|PendingVerification|AccountDisabled)$/, rule('CLOUD_DENIED',
    'The AWS account is not ready to use EC2 here: {said}', 'Finish the account\'s sign-up at aws.amazon.com, or choose another region.')],
  [/^(RequestLimitExceeded|Throttling|ThrottlingException|ThrottledException|EC2ThrottledException|RequestThrottled|SlowDown|TooManyRequestsException)$/,
    rule('CLOUD_THROTTLED', 'The cloud asks to slow down and did not relent.', 'Wait a minute and try again.')],
  [/^(InsufficientInstanceCapacity|InsufficientHostCapacity|InsufficientCapacity|InsufficientReservedInstanceCapacity|Server\.InsufficientInstanceCapacity)$/,
    rule('CLOUD_CAPACITY', 'The cloud has no room for these instances at the moment.',
      'Try another availability zone, fewer instances or another instance type, or the same again later.')],
  [/^(VcpuLimitExceeded|InstanceLimitExceeded|MaxSpotInstanceCountExceeded|VolumeLimitExceeded|MaxIOPSLimitExceeded|.*LimitExceeded)$/,
    rule('CLOUD_QUOTA', 'A limit of the AWS account forbids this: {said}',
      'Launch fewer or smaller instances, or ask AWS for a higher limit under "Service Quotas".')],
  [/^InvalidAMIID\./, rule('CLOUD_ERROR', 'The cloud does not know the machine image: {said}',
    'Choose an image that the region lists.')],
  [/^IdempotentParameterMismatch$/, rule('CLOUD_ERROR',
    'The same launch was asked for twice with different settings.', 'Start a new launch.')],
  [/^(InvalidInstanceID|InvalidGroup|InvalidKeyPair|InvalidPlacementGroup|InvalidVpcID|InvalidSubnetID)/, rule('CLOUD_ERROR',
    'The cloud does not find what the call is about, or it is in the way: {said}', 'Refresh the list of networks and look at what is still there.')],
  [/^(InvalidParameter|MissingParameter|UnknownParameter|ValidationError|Unsupported|InvalidInput|Malformed|InvalidUserData)/, rule('CLOUD_ERROR',
    'The cloud cannot do this as asked: {said}', 'Change the setting that the message names and try again.')]
]

const network: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name cannot be looked up',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNRESET: 'it cut the connection',
  EPIPE: 'it cut the connection',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer'
}

/** EC2's sentence, short enough to read and without the encoded blobs and key ids that it may hold. */
function said(failure: SdkFailure): string {
  const text = (failure.message ?? '').replace(/Encoded authorization failure message:.*$/s, '')
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '(a key id)').replace(/\s+/g, ' ').trim()
  return text === '' ? 'no reason was given.' : text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function networkReason(failure: SdkFailure): string | null {
  if (failure.code && failure.code in network) return network[failure.code] ?? null
  if (failure.name === 'TimeoutError' || failure.name === 'AbortError') return 'it does not answer'
  if (failure.code === 'EPROTO' || /CERT|SSL|TLS/.test(failure.code ?? '')) return 'its certificate or encryption is not accepted'
  // The SDK parsed an answer that is no EC2 answer: a proxy's page, another service.
  if (failure instanceof SyntaxError || /Deserialization error|not well-formed|Unexpected closing tag|^UnknownError|unclosed|invalid XML/i
    .test(`${failure.name} ${failure.message}`)) return 'what answers there does not speak as EC2 does'
  return null
}

/** Names the place in words: the endpoint's address, or AWS and its region. */
export interface Place { readonly region: string; readonly endpoint: string | null; readonly profile: string | null }

/**
 * Any failure of a call as an RmadaError. `action` is the EC2 action. AWS's code and request id go to the details; no
 * part of a request does, so no secret can.
 */
export function translate(error: unknown, action: string, place: Place): RmadaError {
  if (error instanceof RmadaError) return error
  const failure = error as SdkFailure
  const name = failure.name ?? 'Error'
  const where = place.endpoint ?? `AWS in ${place.region}`
  const { httpStatusCode, requestId } = failure.$metadata ?? {}
  const details = {
    action,
    awsCode: failure.code ?? name,
    ...(requestId ? { requestId } : {}),
    ...(httpStatusCode ? { httpStatus: String(httpStatusCode) } : {})
  }
  const raise = ({ code, message, suggestion }: Rule) => {
    const fill = (text: string) => text.replaceAll('{action}', action).replaceAll('{said}', () => said(failure))
    return new RmadaError(code, fill(message), { suggestion: fill(suggestion), details, cause: error })
  }

  if (/^(CredentialsProviderError|TokenProviderError|ProviderError)$/.test(name)) return raise(credentialsRule(failure, place))
  const matched = rules.find(([pattern]) => pattern.test(name))
  if (matched) return raise(matched[1])
  const reason = networkReason(failure)
  if (reason) {
    return raise(rule('ENDPOINT_UNREACHABLE', `The cloud at ${where} cannot be reached: ${reason}.`,
      place.endpoint ? 'Check the endpoint\'s address and that it runs.' : 'Check your internet connection and proxy.'))
  }
  if (httpStatusCode !== undefined && httpStatusCode >= 500) {
    return raise(rule('CLOUD_ERROR', `The cloud at ${where} has trouble of its own: {said}`, 'Wait a minute and try again.'))
  }
  return raise(rule('CLOUD_ERROR', 'The cloud refused {action}: {said}', 'Change what the message names and try again.'))
}

function credentialsRule(failure: SdkFailure, place: Place): Rule {
  if (/expired|refresh|sso login/i.test(failure.message ?? '')) {
    return rule('CREDENTIALS_REJECTED', 'The AWS session has ended.', 'Sign in again (for example with "aws sso login") and try again.')
  }
  return place.profile === null
    ? rule('CREDENTIALS_MISSING', 'No AWS credentials were found on this computer.',
      'Run "aws configure", set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or type the keys in.')
    : rule('CREDENTIALS_MISSING', `The AWS profile "${place.profile}" gives no credentials.`,
      'Check the profile\'s name and its entry in ~/.aws/config.')
}

/** EC2's own code of a failed call, also when it was translated already. */
export function ec2Code(error: unknown): string {
  if (error instanceof RmadaError) return error.details['awsCode'] ?? ''
  return (error as SdkFailure | undefined)?.name ?? ''
}
