import { Anchor, Button, Code, Modal, Stack, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'

/**
 * Opens the master's web IDE in a page of its own. The address is shown as well, for browsers that hold back pages
 * that a program opens, and with what to type where the address alone does not sign in.
 */
export function OpenIde({ name }: { name: string }): ReactElement {
  const open = useCommand('ide.open')
  const words = text.network
  const start = (): void => {
    open.mutate(
      { name },
      {
        onSuccess: ({ url }) => {
          window.open(url, '_blank', 'noopener,noreferrer')
        }
      }
    )
  }
  return (
    <>
      <Button leftSection={<IconExternalLink size={16} aria-hidden />} loading={open.isPending} onClick={start}>
        {words.openIde}
      </Button>
      <Modal
        opened={open.isSuccess || open.isError}
        onClose={open.reset}
        title={words.openIde}
        closeButtonProps={{ 'aria-label': text.general.close }}
      >
        {open.isError && <ErrorPanel error={open.error} title={words.openIde} onRetry={start} />}
        {open.isSuccess && (
          <Stack gap="xs">
            <Text size="sm">
              {words.ideOpened}{' '}
              <Anchor
                underline="always"
                href={open.data.url}
                target="_blank"
                rel="noopener noreferrer"
                style={{ overflowWrap: 'anywhere' }}
              >
                {new URL(open.data.url).origin}
              </Anchor>
            </Text>
            {open.data.signIn !== undefined && (
              <Text size="sm">
                {words.ideSignIn} {words.ideUser} <Code>{open.data.signIn.user}</Code>, {words.idePassword}{' '}
                <Code>{open.data.signIn.password}</Code>
              </Text>
            )}
          </Stack>
        )}
      </Modal>
    </>
  )
}
