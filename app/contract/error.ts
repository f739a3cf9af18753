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
  INSTANCE_UNKNOWN: 'The network has no such instance.',
  TASK_UNKNOWN: 'No task of that id.',
  REGION_UNKNOWN: 'No region of that name is known.',
  INSTANCE_TYPE_UNKNOWN: 'The region offers no such instance type.',
  IMAGE_UNKNOWN: 'The region has no such machine image.',
  IMAGE_UNFIT: 'The machine image does not fit the instance type.',
  ZONE_UNKNOWN: 'The region has no such availability zone.',
  ZONE_UNOFFERED: 'The instance type is not offered in that availability zone.',
  COUNT_INVALID: 'The number of instances is not a whole number from 1 to 1000.',
  SLOTS_INVALID: 'Slots per host is not a whole number from 1.',

  CREDENTIALS_MISSING: 'No AWS credentials were found.',
  CREDENTIALS_REJECTED: 'The cloud does not accept the credentials.',
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
  DATA_UNREADABLE: 'A file of Rmada on this computer is damaged or not readable.'
} as const

export type ErrorCode = keyof typeof errorCodes

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]

/** One thing that is still rented and billed. `pricePerHour` in USD, null where the price is not known. */
export const Rented = z.object({
  kind: z.enum(['instance', 'key-pair', 'security-group', 'placement-group', 'volume']),
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
