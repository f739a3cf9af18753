import type { ReactElement, ReactNode } from 'react'
import { ErrorBoundary } from 'react-error-boundary'
import type { FallbackProps } from 'react-error-boundary'
import { text } from '../strings/index.ts'
import { ErrorPanel } from './error-panel.tsx'

/** Keeps a defect of one view inside that view: the rest of the window goes on. `place` begins anew when it changes. */
export function ViewBoundary({ place, children }: { place: string; children: ReactNode }): ReactElement {
  return (
    <ErrorBoundary resetKeys={[place]} FallbackComponent={ViewFailed}>
      {children}
    </ErrorBoundary>
  )
}

function ViewFailed({ error, resetErrorBoundary }: FallbackProps): ReactElement {
  const problem = error instanceof Error ? error : new Error(String(error))
  return (
    <ErrorPanel
      title={text.general.viewFailed}
      onRetry={resetErrorBoundary}
      error={{
        code: 'INTERNAL',
        message: text.general.viewFailedDetail,
        suggestion: text.general.viewFailedSuggestion,
        details: { problem: problem.message, place: window.location.hash, stack: problem.stack ?? '' }
      }}
    />
  )
}
