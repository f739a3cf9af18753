import type { ReactElement, ReactNode } from 'react'
import { ErrorBoundary } from 'react-error-boundary'
import { text } from '../strings/index.ts'
import { ErrorPanel } from './error-panel.tsx'

/** Keeps a defect of one view inside that view: the rest of the window goes on. `place` begins anew when it changes. */
export function ViewBoundary({ place, children }: { place: string; children: ReactNode }): ReactElement {
  return (
    <ErrorBoundary
      resetKeys={[place]}
      fallbackRender={({ error, resetErrorBoundary }) => (
        <ErrorPanel
          title={text.general.viewFailed} onRetry={resetErrorBoundary}
          error={{
            code: 'INTERNAL',
            message: text.general.viewFailedDetail,
            suggestion: error instanceof Error ? error.message : String(error),
            details: { place, stack: error instanceof Error ? error.stack ?? '' : '' }
          }}
        />
      )}
    >
      {children}
    </ErrorBoundary>
  )
}
