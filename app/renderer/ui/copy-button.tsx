import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { text } from '../strings/index.ts'

interface CopyButtonProps {
  /** Made when it is wanted, so that a report bears the time at which it was taken. */
  readonly value: () => string
  readonly label: string
  readonly size?: 'compact-xs' | 'compact-sm'
}

/** Puts a text on the clipboard and says that it did. */
export function CopyButton({ value, label, size = 'compact-sm' }: CopyButtonProps): ReactElement {
  const { copied, copy } = useClipboard({ timeout: 2000 })
  const Icon = copied ? IconCheck : IconCopy
  return (
    <Button
      size={size}
      variant="default"
      aria-live="polite"
      leftSection={<Icon size={14} aria-hidden />}
      onClick={() => {
        copy(value())
      }}
    >
      {copied ? text.general.copied : label}
    </Button>
  )
}
