import type { ReactNode } from 'react'
import type { Plan } from '../../../contract/index.ts'
import { findingsFor } from './draft.ts'
import type { Draft } from './draft.ts'

/** What the plan says about a field, where Mantine's inputs want it: errors only, warnings stand in the summary. */
export function fieldMessages(plan: Plan | undefined, field: keyof Draft): { error: ReactNode } {
  const errors = findingsFor(plan, field).filter((finding) => finding.level === 'error')
  return { error: errors.length === 0 ? null : errors.map((finding) => finding.message).join(' ') }
}
