import { Anchor, Button, Paper, Text, Title } from '@mantine/core'
import { IconRocket } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useCommand } from '../../data/use-command.ts'
import { useRegions } from '../../data/use-catalogue.ts'
import { goTo, hrefOf } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { FleetPicture } from './fleet-picture.tsx'
import classes from './networks.module.css'

/** Teaches what a network is, and launches one with one click, all by defaults, where it costs nothing. */
export function EmptyNetworks(): ReactElement {
  const words = text.networks
  const regions = useRegions()
  const launch = useCommand('networks.launch')
  const practice = regions.data?.find((region) => region.kind === 'practice')
  const problem = regions.isSuccess ? (practice === undefined ? words.practiceUnavailable : practice.unavailable) : null
  const start = (): void => {
    if (practice === undefined) return
    launch.mutate(
      { region: practice.id, onFailure: 'ask' },
      {
        onSuccess: (task) => {
          goTo({ at: 'network', name: task.network })
        }
      }
    )
  }
  return (
    <>
      {launch.isError && <ErrorPanel error={launch.error} title={words.launchPractice} onRetry={start} />}
      {regions.isError && (
        <ErrorPanel
          error={regions.error}
          title={words.launchPractice}
          onRetry={() => {
            void regions.refetch()
          }}
        />
      )}
      <Paper className={classes.empty}>
        <FleetPicture />
        <Title order={2} size="h1" mt="lg">
          {words.emptyTitle}
        </Title>
        <Text c="dimmed" mt="xs" maw={560}>
          {words.emptyText}
        </Text>
        <Button
          size="md"
          mt="xl"
          leftSection={<IconRocket size={18} aria-hidden />}
          loading={launch.isPending}
          disabled={practice === undefined || practice.unavailable !== null}
          onClick={start}
        >
          {words.launchPractice}
        </Button>
        {problem !== null && (
          <Text size="sm" mt="xs" c="var(--rmada-caution)">
            {problem}
          </Text>
        )}
        <Anchor href={hrefOf({ at: 'create' })} size="sm" mt="md">
          {words.create}
        </Anchor>
        <ol className={classes.steps}>
          {words.emptySteps.map(([title, explanation]) => (
            <li key={title}>
              <Text size="sm" fw={600}>
                {title}
              </Text>
              <Text size="sm" c="dimmed">
                {explanation}
              </Text>
            </li>
          ))}
        </ol>
      </Paper>
    </>
  )
}
