import { Button, CopyButton as MantineCopy } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { text } from '../strings/index.ts'

/** Puts a text on the clipboard and says that it did. */
export function CopyButton(
  { value, label, size = 'compact-sm' }: { value: string; label: string; size?: 'compact-xs' | 'compact-sm' | 'sm' }
): ReactElement {
  return (
    <MantineCopy value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Button
          size={size} variant="default" onClick={copy} aria-live="polite"
          leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        >
          {copied ? text.general.copied : label}
        </Button>
      )}
    </MantineCopy>
  )
}
