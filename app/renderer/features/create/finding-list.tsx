import type { ReactElement } from 'react'
import type { Finding } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import { byGravity } from './draft.ts'
import classes from './create.module.css'

const fieldNames: Readonly<Record<string, string>> = text.create.fields

/** Everything that the plan has to say, the gravest first, each with what to do about it. */
export function FindingList({ findings }: { findings: readonly Finding[] }): ReactElement | null {
  if (findings.length === 0) return null
  return (
    <ul className={classes.findings}>
      {byGravity(findings).map((finding) => (
        <li
          key={`${finding.code} ${finding.field ?? ''} ${finding.message}`}
          className={classes.finding}
          data-level={finding.level}
        >
          <strong>
            {text.create.findings[finding.level]}
            {finding.field !== null && `, ${fieldNames[finding.field] ?? finding.field}`}:
          </strong>{' '}
          {finding.message} {finding.suggestion}
        </li>
      ))}
    </ul>
  )
}
