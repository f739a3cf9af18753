import { Button, Group, Paper, Stack, Title } from '@mantine/core'
import { IconRocket } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { Plan } from '../../../contract/index.ts'
import { useRegions } from '../../data/use-catalogue.ts'
import { useCommand } from '../../data/use-command.ts'
import { goTo } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Facts } from '../../ui/facts.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { AccountLine } from './account-line.tsx'
import { specOfPlan } from './draft.ts'
import { optionFacts } from './option-facts.ts'
import { FindingList } from './finding-list.tsx'
import { Creates, Estimate, Prices } from './plan-parts.tsx'

interface ReviewProps {
  readonly plan: Plan & { readonly spec: NonNullable<Plan['spec']> }
  readonly checking: boolean
  readonly onChange: () => void
}

/** The last page before renting: everything by name and price. What is launched is what stands here. */
export function Review({ plan, checking, onChange }: ReviewProps): ReactElement {
  const launch = useCommand('networks.launch')
  const words = text.create
  const { spec } = plan
  const region = useRegions().data?.find((one) => one.id === spec.region)
  const start = (): void => {
    const asked = specOfPlan(plan)
    if (asked !== null)
      launch.mutate({ ...asked, onFailure: 'ask' }, {
        onSuccess: (task) => {
          goTo({ at: 'network', name: task.network })
        }
      })
  }
  return (
    <Stack gap="lg" maw={760} mx="auto">
      <PageHead title={words.reviewTitle} />
      {launch.isError && <ErrorPanel error={launch.error} title={words.launch} />}
      <FindingList findings={plan.findings} />
      <Paper component="section" aria-labelledby="review-network">
        <Title order={2} id="review-network" mb="md">
          {spec.name}
        </Title>
        <Facts
          of={[
            [words.facts.instances, String(spec.instances)],
            [words.facts.type, spec.instanceType],
            [words.facts.slots, String(spec.slotsPerHost)],
            [words.facts.region, region === undefined ? spec.region : `${region.name} (${region.id})`],
            [text.accounts.signedInAs, <AccountLine key="account" region={spec.region} />],
            [words.facts.zone, spec.zone ?? words.anyZone],
            [words.facts.image, spec.image],
            [words.facts.user, spec.user],
            [words.facts.placementGroup, spec.placementGroup ? words.yes : words.no],
            ...optionFacts(spec),
            [words.facts.packages, spec.packages?.join(', ') ?? text.general.none]
          ]}
        />
      </Paper>
      <Paper component="section" aria-labelledby="review-creates">
        <Title order={2} id="review-creates" mb="xs">
          {words.creates}
        </Title>
        <Creates plan={plan} />
      </Paper>
      <Paper component="section" aria-labelledby="review-cost">
        <Title order={2} id="review-cost" mb="xs">
          {words.estimate.title}
        </Title>
        <Estimate plan={plan} />
      </Paper>
      <Paper>
        <Group justify="space-between" align="flex-end" gap="lg">
          <div style={{ flex: '1 1 280px' }}>
            <Prices plan={plan} />
          </div>
          <Group gap="xs">
            <Button variant="default" onClick={onChange}>
              {words.change}
            </Button>
            <Button
              leftSection={<IconRocket size={16} aria-hidden />}
              loading={launch.isPending}
              disabled={checking}
              onClick={start}
            >
              {words.launch}
            </Button>
          </Group>
        </Group>
      </Paper>
    </Stack>
  )
}
