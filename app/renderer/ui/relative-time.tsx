import { Tooltip } from '@mantine/core'
import { useInterval } from '@mantine/hooks'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ago, exact } from '../format/time.ts'

/** How long ago something was, kept up to date; the exact moment shows on hover. */
export function RelativeTime({ iso }: { iso: string }): ReactElement {
  const [now, setNow] = useState(() => Date.now())
  useInterval(
    () => {
      setNow(Date.now())
    },
    20_000,
    { autoInvoke: true }
  )
  return (
    <Tooltip label={exact(iso)}>
      <time dateTime={iso}>{ago(iso, now)}</time>
    </Tooltip>
  )
}
