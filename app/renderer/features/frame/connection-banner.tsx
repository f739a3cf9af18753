import { Button, Loader } from '@mantine/core'
import type { ReactElement } from 'react'
import type { ErrorShape } from '../../../contract/index.ts'
import { useConnection } from '../../data/connection-context.ts'
import { text } from '../../strings/index.ts'
import type { ConnectionState } from '../../transport/connection.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import classes from './frame.module.css'

/** Says that the manager is out of reach and that the window keeps trying; silent while all is well. */
export function ConnectionBanner({ state }: { state: ConnectionState }): ReactElement {
  const { retryNow } = useConnection()
  return (
    <div aria-live="polite">
      {state.kind === 'reconnecting' && (
        <div className={classes.banner}>
          <Loader size="xs" color="currentColor" aria-hidden />
          <div>
            <strong>{text.general.reconnecting}</strong> {text.general.reconnectingDetail}
          </div>
          <Button size="compact-sm" variant="default" ml="auto" style={{ flexShrink: 0 }} onClick={retryNow}>
            {text.general.reconnectNow}
          </Button>
        </div>
      )}
    </div>
  )
}

/** The manager does not want this window: another version after an update, or no right to be here. */
export function Refused({ error }: { error: ErrorShape }): ReactElement {
  return (
    <ErrorPanel error={error} title={text.general.refusedTitle}>
      <div>
        <Button
          size="sm"
          onClick={() => {
            window.location.reload()
          }}
        >
          {text.general.reload}
        </Button>
      </div>
    </ErrorPanel>
  )
}
