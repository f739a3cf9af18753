import { Skeleton, Stack, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { useAccounts } from '../../data/use-accounts.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { ConnectionForm } from './connection-form.tsx'
import { EndpointForm } from './endpoint-form.tsx'
import { IdentityPanel } from './identity-panel.tsx'
import { KeyForm } from './key-form.tsx'
import { WaysToSignIn } from './ways-to-sign-in.tsx'

/** How Rmada reaches AWS: by which credentials, whose account that is, what it may do, and through which proxy. */
export function AccountsScreen(): ReactElement {
  const accounts = useAccounts()
  const words = text.accounts
  return (
    <Stack gap="lg" maw={820}>
      <div>
        <PageHead title={words.title} />
        <Text c="dimmed" size="sm">
          {words.lead}
        </Text>
      </div>
      {accounts.isError && (
        <ErrorPanel
          error={accounts.error}
          title={words.title}
          onRetry={() => {
            void accounts.refetch()
          }}
        />
      )}
      {accounts.isPending && <Skeleton height={220} radius="lg" />}
      {accounts.isSuccess && (
        <>
          <WaysToSignIn accounts={accounts.data} />
          <IdentityPanel />
          <KeyForm kept={accounts.data.secrets} />
          <EndpointForm accounts={accounts.data} />
        </>
      )}
      <ConnectionForm />
    </Stack>
  )
}
