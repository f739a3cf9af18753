import type { ErrorCode } from '../../../contract/index.ts'

/** What a user is told. `{said}` stands for EC2's own sentence, `{action}` for the EC2 action that failed. */
export interface Rule {
  readonly code: ErrorCode
  readonly message: string
  readonly suggestion: string
}

/** A rule in one line. */
export const rule = (code: ErrorCode, message: string, suggestion: string): Rule => ({ code, message, suggestion })

/** Credentials of a session that is over, whether EC2 or the SDK noticed it. */
export const sessionEnded = rule(
  'CREDENTIALS_REJECTED',
  'The AWS session has ended.',
  'Sign in again (for example with "aws sso login") and try again.'
)

/** No credentials at all, or none in the profile that was named. */
export function credentialsMissing(profile: string | null): Rule {
  return profile === null
    ? rule(
        'CREDENTIALS_MISSING',
        'No AWS credentials were found on this computer.',
        'Run "aws configure", set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or type the keys in.'
      )
    : rule(
        'CREDENTIALS_MISSING',
        `The AWS profile "${profile}" gives no credentials.`,
        'Check the name of the profile and its entry in ~/.aws/config.'
      )
}

/** The sign-in of an SSO profile is over, or never took place. */
export function ssoExpired(profile: string): Rule {
  return rule(
    'SSO_EXPIRED',
    `The AWS sign-in of the profile "${profile}" has expired.`,
    `Run "aws sso login --profile ${profile}" in a terminal, sign in there, and try again.`
  )
}

/** Codes that a wrong clock causes; a wrong secret causes the last two as well. */
export const clockCodes =
  /^(RequestExpired|RequestTimeTooSkewed|RequestInTheFuture|SignatureDoesNotMatch|InvalidSignatureException)$/

const clockWrong = rule(
  'CLOCK_WRONG',
  'The cloud refuses the call because the clock of this computer is wrong.',
  'Set the clock of this computer and try again.'
)

/** The same where the answer was dated. `off` as in "12 minutes fast". */
export function clockOff(off: string): Rule {
  return rule(
    'CLOCK_WRONG',
    `The cloud refuses the call because the clock of this computer is ${off}.`,
    'Set the clock of this computer, best by letting it follow the internet, and try again.'
  )
}

export function proxyRefused(proxy: string): Rule {
  return rule(
    'PROXY_FAILED',
    `The proxy ${proxy} does not accept the name and password given for it, or wants some.`,
    "Check the proxy's user and password in the connection settings."
  )
}

export function proxyBroken(proxy: string, why: string): Rule {
  return rule(
    'PROXY_FAILED',
    `The proxy ${proxy} is no way to the cloud: ${why}.`,
    'Check host and port of the proxy in the connection settings, or HTTPS_PROXY in the environment.'
  )
}
const secretWrong = rule(
  'CREDENTIALS_REJECTED',
  'The cloud does not accept the secret access key.',
  'Check that the secret belongs to the access key id and was copied whole.'
)
const keyWrong = rule(
  'CREDENTIALS_REJECTED',
  'The cloud does not accept the access key.',
  'Check the access key id and its secret, and that the key is active and the region enabled for the account.'
)
const denied = rule(
  'CLOUD_DENIED',
  'These credentials may not do {action}.',
  'Ask the administrator of the account for the permission {permission}.'
)
const accountNotReady = rule(
  'CLOUD_DENIED',
  'The AWS account is not ready to use EC2 here: {said}',
  'Finish the sign-up of the account at aws.amazon.com, or choose another region.'
)
const throttled = rule(
  'CLOUD_THROTTLED',
  'The cloud asks to slow down and did not relent.',
  'Wait a minute and try again.'
)
const noCapacity = rule(
  'CLOUD_CAPACITY',
  'The cloud has no room for these instances at the moment.',
  'Try another availability zone, fewer instances or another instance type, or the same again later.'
)
const quota = rule(
  'CLOUD_QUOTA',
  'A limit of the AWS account forbids this: {said}',
  'Launch fewer or smaller instances, or ask AWS for a higher limit under "Service Quotas".'
)
const imageUnknown = rule(
  'CLOUD_ERROR',
  'The cloud does not know the machine image: {said}',
  'Choose an image that the region lists.'
)
const tokenReused = rule(
  'CLOUD_ERROR',
  'The cloud was asked for the same launch twice with different settings.',
  'Start a new launch.'
)
const notFound = rule(
  'CLOUD_ERROR',
  'The cloud does not find what the call is about, or it is in the way: {said}',
  'Refresh the list of networks and look at what is still there.'
)
const badParameter = rule(
  'CLOUD_ERROR',
  'The cloud cannot do this as asked: {said}',
  'Change the setting that the message names and try again.'
)

const volumeBusy = rule('VOLUME_IN_USE', 'The volume is in use: {said}', 'Detach it first, or wait until it is free.')
const volumeZone = rule(
  'VOLUME_ZONE',
  'Volume and instance are not in one zone: {said}',
  'A volume serves instances of its own zone only.'
)

const exact = new Map<string, Rule>(
  (
    [
      [clockWrong, 'RequestExpired', 'RequestTimeTooSkewed', 'RequestInTheFuture'],
      [sessionEnded, 'ExpiredToken', 'ExpiredTokenException'],
      [secretWrong, 'SignatureDoesNotMatch', 'InvalidSignatureException'],
      [keyWrong, 'AuthFailure', 'InvalidClientTokenId', 'InvalidAccessKeyId', 'UnrecognizedClientException'],
      [keyWrong, 'MissingAuthenticationToken', 'IncompleteSignature'],
      [denied, 'UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException'],
      [accountNotReady, 'OptInRequired', 'Blocked', 'PendingVerification', 'AccountDisabled'],
      [throttled, 'RequestLimitExceeded', 'Throttling', 'ThrottlingException', 'ThrottledException'],
      [throttled, 'EC2ThrottledException', 'RequestThrottled', 'SlowDown', 'TooManyRequestsException'],
      [noCapacity, 'InsufficientInstanceCapacity', 'InsufficientHostCapacity', 'InsufficientCapacity'],
      [noCapacity, 'InsufficientReservedInstanceCapacity'],
      [quota, 'MaxSpotInstanceCountExceeded'],
      [volumeBusy, 'VolumeInUse'],
      [volumeZone, 'InvalidVolume.ZoneMismatch'],
      [tokenReused, 'IdempotentParameterMismatch']
    ] as const
  ).flatMap(([says, ...names]) => names.map((name): [string, Rule] => [name, says]))
)

/** Families of codes, looked at when no code fits exactly. */
const families: readonly (readonly [RegExp, Rule])[] = [
  [/LimitExceeded$/, quota],
  [/^InvalidAMIID\./, imageUnknown],
  [/^Invalid(InstanceID|Volume|Snapshot|Group|KeyPair|PlacementGroup|VpcID|SubnetID)/, notFound],
  [/^(InvalidParameter|MissingParameter|UnknownParameter|ValidationError)/, badParameter],
  [/^(Unsupported|InvalidInput|Malformed|InvalidUserData)/, badParameter]
]

/** The rule for one of EC2's error codes, if it has one of its own. */
export function ruleFor(code: string): Rule | undefined {
  return exact.get(code) ?? families.find(([pattern]) => pattern.test(code))?.[1]
}
