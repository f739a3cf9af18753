import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactElement, ReactNode } from 'react'
import type { ErrorShape } from '../../contract/index.ts'
import { text } from '../strings/index.ts'
import { toClientError } from '../transport/client-error.ts'
import { CopyButton } from './copy-button.tsx'
import { errorReport } from './report.ts'
import classes from './error-panel.module.css'

interface ErrorPanelProps {
  /** An ErrorShape, or whatever a query or a command was rejected with. */
  readonly error: unknown
  /** What stood in the place of the panel: for its heading and the report. */
  readonly title: string
  readonly onRetry?: () => void
  readonly children?: ReactNode
}

/** Says what failed and why, what to do next, and under which code it can be looked up; with a report to copy. */
export function ErrorPanel({ error, title, onRetry, children }: ErrorPanelProps): ReactElement {
  const shape: ErrorShape = toClientError(error).shape
  return (
    <Alert
      className={classes.panel}
      classNames={{ title: classes.title, icon: classes.title }}
      role="alert"
      radius="lg"
      title={title}
      icon={<IconAlertTriangle aria-hidden />}
    >
      <Stack gap="sm">
        <div>
          <Text size="sm" fw={550}>
            {shape.message}
          </Text>
          <Text size="sm" mt={4}>
            {shape.suggestion}
          </Text>
        </div>
        {shape.details?.['lastLines'] !== undefined && (
          <Code block className={classes.code}>
            {shape.details['lastLines']}
          </Code>
        )}
        {children}
        <Group gap="sm">
          {onRetry !== undefined && (
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              {text.general.tryAgain}
            </Button>
          )}
          <CopyButton value={() => errorReport(shape, title, new Date())} label={text.general.copyReport} />
          <Code className={classes.code}>{shape.code}</Code>
        </Group>
      </Stack>
    </Alert>
  )
}
