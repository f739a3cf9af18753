import { Anchor, Skeleton, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { useIdentity } from '../../data/use-accounts.ts'
import { hrefOf } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { toClientError } from '../../transport/client-error.ts'

/** Whose account will pay, as the cloud says it; why it cannot be told, where it cannot. */
export function AccountLine({ region }: { region: string }): ReactElement {
  const words = text.accounts
  const identity = useIdentity(region)
  if (identity.isPending) return <Skeleton height={20} width={260} aria-label={words.asking} />
  const change = (
    <Anchor href={hrefOf({ at: 'accounts' })} size="sm" underline="always">
      {words.change}
    </Anchor>
  )
  if (identity.isError) {
    return (
      <Text size="sm" c="var(--rmada-caution)" span>
        {toClientError(identity.error).shape.message} {change}
      </Text>
    )
  }
  return (
    <Text size="sm" span style={{ overflowWrap: 'anywhere' }}>
      {identity.data.account} ({identity.data.arn}) {change}
    </Text>
  )
}
