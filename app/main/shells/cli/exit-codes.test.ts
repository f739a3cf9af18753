import { expect, it } from 'vitest'
import { errorCodes } from '../../../contract/index.ts'
import type { ErrorCode } from '../../../contract/index.ts'
import { exitCodeHelp, exitCodeOf } from './exit-codes.ts'

it.each([
  ['HEALTH_CHECK_FAILED', 1],
  ['EVALUATION_FAILED', 1],
  ['CANCELLED', 1],
  ['INTERNAL', 1],
  ['COUNT_INVALID', 2],
  ['INVALID_INPUT', 2],
  ['MANAGER_UNREACHABLE', 3],
  ['CREDENTIALS_REJECTED', 3],
  ['NETWORK_UNKNOWN', 4],
  ['NETWORK_NAME_IN_USE', 5]
] as const)('%s ends with %i', (code, exit) => {
  expect(exitCodeOf(code)).toBe(exit)
})

it('every error has an exit code that the help explains', () => {
  for (const code of Object.keys(errorCodes) as ErrorCode[]) expect(exitCodeHelp).toContain(`\n  ${exitCodeOf(code)}  `)
})
