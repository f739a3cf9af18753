import type { Ec2Error } from './error.ts'

/** A refusal as the services that speak JSON say it. */
export function renderJsonError(error: Ec2Error): string {
  return JSON.stringify({ __type: error.code, message: error.message.toWellFormed() })
}
