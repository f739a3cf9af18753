import { z } from 'zod'

/**
 * Every error code that can reach a user, each with the situation it stands for.
 * Codes are stable: R conditions (`rmada_error_<code>`), CLI output and tests name them.
 */
export const errorCodes = {
  INVALID_INPUT: 'A field of the call is missing, of the wrong kind or out of range.',
  UNKNOWN_PROCEDURE: 'The manager has no procedure of that name for this kind of client.',
  PROTOCOL_MISMATCH: 'Client and manager speak different protocol versions.',
  HELLO_REQUIRED: 'A client called a procedure before it said hello.',
  MALFORMED_MESSAGE: 'A message on a local endpoint is not the JSON-RPC 2.0 that it must be.',
  MESSAGE_TOO_LARGE: 'A message on a local endpoint is longer than the limit.',
  NOT_AUTHORIZED: 'A caller of a local endpoint did not show its secret, or came from a foreign origin.',
  MANAGER_UNREACHABLE: 'No manager answers, and none could be started.',
  INTERNAL: 'A defect in Rmada.',
  CANCELLED: 'The user cancelled the task.',
  TIMEOUT: 'Something did not happen within its time limit.',

  NETWORK_NAME_INVALID: 'The name is empty, too long or holds characters that host names cannot.',
  NETWORK_NAME_IN_USE: 'Another network that is not yet gone has this name.',
  NETWORK_UNKNOWN: 'No network of that name.',
  NETWORK_BUSY: 'Another task is at work on this network.',
  NETWORK_NOT_RUNNING: 'The call needs a running network.',
  NETWORK_NOT_STOPPABLE: 'The instances of the network cannot be stopped, because they are Spot instances.',
  MASTER_NEEDED: 'The master of a network cannot be removed from it.',
  INSTANCE_UNKNOWN: 'The network has no such instance.',
  ORPHAN_UNKNOWN: 'What is to be removed is not among what was left behind.',
  TASK_UNKNOWN: 'No task of that id.',
  TASK_NOT_ASKING: 'The task does not wait for a choice, or offers no such one.',
  REGION_UNKNOWN: 'No region of that name is known.',
  INSTANCE_TYPE_UNKNOWN: 'The region offers no such instance type.',
  IMAGE_UNKNOWN: 'The region has no such machine image.',
  IMAGE_NAME_INVALID: 'The name of the image is too short, too long or holds characters that EC2 does not take.',
  IMAGE_NAME_IN_USE: 'Another image of the account has this name.',
  IMAGE_NOT_OURS: 'Rmada did not make the image, so it does not remove it.',
  CONFIRMATION_MISSING: 'What is to be removed was not named a second time.',
  IMAGE_UNFIT: 'The machine image does not fit the instance type.',
  ZONE_UNKNOWN: 'The region has no such availability zone.',
  ZONE_UNOFFERED: 'The instance type is not offered in that availability zone.',
  COUNT_INVALID: 'The number of instances is not a whole number from 1 to 1000.',
  SLOTS_INVALID: 'Slots per host is not a whole number from 1.',
  PACKAGE_INVALID: 'What was asked for cannot be the name of an R package, or there are too many.',
  PLACEMENT_UNFIT: 'The instance type cannot stand in a cluster placement group.',
  SPOT_UNOFFERED: 'The instance type is not sold as Spot.',
  SPOT_PRICE_INVALID: 'The most to pay for a Spot instance is not a price, or nothing is Spot.',
  SPOT_PRICE_LOW: 'The most to pay for a Spot instance is below the Spot price.',
  ROOT_VOLUME_INVALID: 'The root volume asked for cannot be: its size, or its kind.',
  KEY_PAIR_UNKNOWN: 'The region has no such key pair.',
  KEY_FILE_INVALID: 'The private key file is not there, not readable or no private key.',
  KEY_FILE_OPEN: 'Other users of this computer can read the private key file.',
  KEY_MISMATCH: 'The private key is not the other half of the key pair.',
  KEY_LOCKED: 'The private key is encrypted, and its passphrase was not given yet or is wrong.',
  AGENT_UNREACHABLE: 'No ssh-agent answers, or it holds no key of that pair.',
  SECURITY_GROUP_UNKNOWN: 'The region has no such security group.',
  SECURITY_GROUP_UNFIT: 'The security group does not let in what Rmada needs.',
  SUBNET_UNKNOWN: 'The region has no such subnet.',
  SUBNET_FULL: 'The subnet has fewer free addresses than instances are asked for.',
  SUBNET_UNFIT: 'The subnet does not go with the zone, the security group or the way Rmada reaches its nodes.',
  QUOTA_SHORT: 'The account may not run that many vCPUs of the kind.',

  CREDENTIALS_MISSING: 'No AWS credentials were found.',
  CREDENTIALS_REJECTED: 'The cloud does not accept the credentials.',
  SSO_EXPIRED: 'The sign-in of an AWS SSO profile has expired.',
  PROFILE_UNKNOWN: 'The AWS configuration files have no profile of that name.',
  ACCOUNT_IN_USE: 'Networks in the region belong to the account that is reached now.',
  KEY_UNKNOWN: 'No access key of that name was typed in, or it is gone.',
  CLOCK_WRONG: 'The cloud refuses calls because the clock of this computer is wrong.',
  ENDPOINT_INVALID: 'The address of the endpoint is not a web address.',
  PROXY_FAILED: 'The proxy cannot be reached or does not let the call through.',
  VPC_MISSING: 'The region has no default VPC for a network to stand in.',
  ENDPOINT_UNREACHABLE: 'The cloud endpoint does not answer.',
  CLOUD_DENIED: 'The credentials lack a permission.',
  CLOUD_THROTTLED: 'The cloud asks to slow down and did not relent within the time limit.',
  CLOUD_CAPACITY: 'The cloud has no capacity for the instances now.',
  CLOUD_QUOTA: 'An account limit forbids the instances.',
  CLOUD_ERROR: 'The cloud refused a call for a reason of its own.',
  INSTANCE_DIED: 'An instance ended before it was usable.',

  SSH_UNREACHABLE: 'The instance does not answer on its ssh port.',
  SSH_HOST_KEY_MISMATCH: 'The instance shows another host key than the one pinned.',
  SSH_HOST_KEY_UNAVAILABLE: 'The console output does not show the host keys.',
  SSH_AUTH_FAILED: 'The instance does not accept the key.',
  SSH_LOST: 'The ssh connection broke.',
  CONFIGURE_FAILED: 'A configuration step failed on a node.',
  HEALTH_CHECK_FAILED: 'MPI ranks did not come up on all nodes.',
  EVALUATOR_UNREACHABLE: 'The remote evaluator does not answer.',
  EVALUATION_FAILED: 'The expression raised an error in the remote R.',
  IDE_UNAVAILABLE: 'The master runs no web IDE.',
  LOCAL_PORT_TAKEN: 'Another program listens on the local port.',
  PRACTICE_UNAVAILABLE: 'The practice cloud cannot run on this machine as asked.',
  VOLUME_UNKNOWN: 'The region has no such EBS volume.',
  VOLUME_IN_USE: 'The volume is attached to another instance.',
  VOLUME_ZONE: 'Volume and instances stand in different availability zones.',
  VOLUME_INVALID: 'The volume asked for cannot be: its size, its type, or its use.',
  VOLUME_PROTECTED: 'The volume is not to be changed or deleted in this way.',
  MOUNT_FAILED: 'A volume could not be mounted or shared on a node.',
  DATA_UNREADABLE: 'A file of Rmada on this computer is damaged or not readable.'
} as const

export type ErrorCode = keyof typeof errorCodes

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]

/** One thing that is still rented and billed. `pricePerHour` in USD, null where the price is not known. */
export const Rented = z.object({
  kind: z.enum(['instance', 'key-pair', 'security-group', 'placement-group', 'volume', 'image', 'snapshot']),
  id: z.string(),
  pricePerHour: z.number().nullable()
})
export type Rented = z.infer<typeof Rented>

/**
 * An error as it crosses a boundary: what failed and why in one sentence (`message`), what to do next in
 * another (`suggestion`). Never carries a secret. `details` are for logs and reports, as short strings.
 */
export const ErrorShape = z.object({
  code: z.enum(codes),
  message: z.string(),
  suggestion: z.string(),
  details: z.record(z.string(), z.string()).optional(),
  stillRented: z.array(Rented).optional()
})
export type ErrorShape = z.infer<typeof ErrorShape>
