import type { ReactElement } from 'react'
import classes from './status-badge.module.css'

/** What a state means for the user; each tone has one colour and, when something is at work, a beating dot. */
export type Tone = 'good' | 'moving' | 'caution' | 'bad' | 'quiet'

/** A state in one word. The word says it all: the colour only helps. */
export function StatusBadge({ tone, children }: { tone: Tone; children: string }): ReactElement {
  return (
    <span className={classes.badge} data-tone={tone}>
      <span className={classes.dot} aria-hidden />
      {children}
    </span>
  )
}
