import type { ErrorCode } from '../../../contract/index.ts'

/** Exit codes of `rmada`, as `rmada --help` and the README name them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  badInput: 2,
  unreachable: 3,
  notFound: 4,
  conflict: 5,
  interrupted: 130
} as const

const byError: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: exitCodes.badInput,
  NETWORK_NAME_INVALID: exitCodes.badInput,
  COUNT_INVALID: exitCodes.badInput,
  SLOTS_INVALID: exitCodes.badInput,
  PACKAGE_INVALID: exitCodes.badInput,
  INSTANCE_TYPE_UNKNOWN: exitCodes.badInput,
  IMAGE_UNKNOWN: exitCodes.badInput,
  IMAGE_UNFIT: exitCodes.badInput,
  IMAGE_NAME_INVALID: exitCodes.badInput,
  IMAGE_NAME_IN_USE: exitCodes.conflict,
  IMAGE_NOT_OURS: exitCodes.conflict,
  CONFIRMATION_MISSING: exitCodes.badInput,
  ZONE_UNKNOWN: exitCodes.badInput,
  ZONE_UNOFFERED: exitCodes.badInput,
  REGION_UNKNOWN: exitCodes.badInput,
  MANAGER_UNREACHABLE: exitCodes.unreachable,
  PROTOCOL_MISMATCH: exitCodes.unreachable,
  ENDPOINT_UNREACHABLE: exitCodes.unreachable,
  CREDENTIALS_MISSING: exitCodes.unreachable,
  CREDENTIALS_REJECTED: exitCodes.unreachable,
  SSO_EXPIRED: exitCodes.unreachable,
  CLOCK_WRONG: exitCodes.unreachable,
  PROXY_FAILED: exitCodes.unreachable,
  ENDPOINT_INVALID: exitCodes.badInput,
  PROFILE_UNKNOWN: exitCodes.badInput,
  KEY_UNKNOWN: exitCodes.notFound,
  ACCOUNT_IN_USE: exitCodes.conflict,
  PRACTICE_UNAVAILABLE: exitCodes.unreachable,
  NETWORK_UNKNOWN: exitCodes.notFound,
  INSTANCE_UNKNOWN: exitCodes.notFound,
  TASK_UNKNOWN: exitCodes.notFound,
  NETWORK_NAME_IN_USE: exitCodes.conflict,
  NETWORK_BUSY: exitCodes.conflict,
  NETWORK_NOT_RUNNING: exitCodes.conflict
}

/** The exit code that says what kind of error it was; 1 for every failure of the work itself. */
export function exitCodeOf(code: ErrorCode): number {
  return byError[code] ?? exitCodes.failed
}

/** For the end of `rmada --help`. */
export const exitCodeHelp = `
Exit codes:
  0  done
  1  the task or the evaluation failed
  2  wrong usage or input; nothing was changed
  3  no manager, no cloud, or no accepted credentials
  4  no network, instance or task of that name
  5  the network's state forbids it (name in use, busy, not running)
`
