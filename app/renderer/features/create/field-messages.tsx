import type { ReactNode } from 'react'
import type { LaunchOptions, Plan } from '../../../contract/index.ts'
import { findingsFor } from './draft.ts'
import type { Draft } from './draft.ts'
import classes from './create.module.css'

interface FieldMessages {
  readonly error: ReactNode
  readonly description: ReactNode
}

/** What the plan says about a field, where Mantine's inputs want it. A warning stands in the place of the hint. */
export function fieldMessages(
  plan: Plan | undefined,
  field: keyof Draft | keyof LaunchOptions,
  hint: string = ''
): FieldMessages {
  const findings = findingsFor(plan, field)
  const errors = findings.filter((finding) => finding.level === 'error')
  const warning = findings.find((finding) => finding.level === 'warning')
  return {
    error: errors.length === 0 ? null : errors.map((finding) => finding.message).join(' '),
    description: warning === undefined ? hint : <span className={classes.warning}>{warning.message}</span>
  }
}
