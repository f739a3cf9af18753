import { Anchor, Group, Title } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactElement, ReactNode } from 'react'
import { hrefOf } from '../routing/route.ts'
import { text } from '../strings/index.ts'

interface PageHeadProps {
  readonly title: string
  /** True where the way back is to the networks. */
  readonly back?: boolean
  readonly beside?: ReactNode
  readonly actions?: ReactNode
}

/** The head of a page: its one h1, which also names the window, and what can be done here. */
export function PageHead({ title, back = false, beside, actions }: PageHeadProps): ReactElement {
  useDocumentTitle(`${title} · ${text.general.appName}`)
  return (
    <header>
      {back && (
        <Anchor
          href={hrefOf({ at: 'networks' })}
          size="sm"
          c="dimmed"
          mb={6}
          style={{ display: 'inline-flex', alignItems: 'center' }}
        >
          <IconChevronLeft size={16} aria-hidden />
          {text.general.networks}
        </Anchor>
      )}
      <Group justify="space-between" align="center" gap="md" mih={40}>
        <Group gap="sm" miw={0}>
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {beside}
        </Group>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
    </header>
  )
}
