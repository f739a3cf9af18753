import { Button, Divider, Group, Loader, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import type { Finding, Plan } from '../../../contract/index.ts'
import { counted } from '../../format/count.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { isLaunchable } from './draft.ts'
import { FindingList } from './finding-list.tsx'
import { Creates, Prices } from './plan-parts.tsx'
import classes from './create.module.css'

interface PlanSummaryProps {
  readonly plan: UseQueryResult<Plan>
  readonly checking: boolean
  readonly onReview: () => void
}

/** The plan beside the form, always that of what the form says now. */
export function PlanSummary({ plan, checking, onReview }: PlanSummaryProps): ReactElement {
  const words = text.create
  return (
    <Paper component="section" aria-labelledby="summary" className={classes.sticky}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} id="summary">
            {words.summary}
          </Title>
          {checking && <Loader size="xs" aria-hidden />}
        </Group>
        {plan.isError && (
          <ErrorPanel
            error={plan.error}
            title={words.summary}
            onRetry={() => {
              void plan.refetch()
            }}
          />
        )}
        {plan.data === undefined ? (
          !plan.isError && <Skeleton height={120} />
        ) : (
          <Body plan={plan.data} checking={checking} />
        )}
        <Button disabled={checking || plan.isError || !isLaunchable(plan.data)} onClick={onReview}>
          {words.toReview}
        </Button>
      </Stack>
    </Paper>
  )
}

function Body({ plan, checking }: { plan: Plan; checking: boolean }): ReactElement {
  const words = text.create
  const count = (level: Finding['level']): number => plan.findings.filter((finding) => finding.level === level).length
  const errors = count('error')
  const warnings = count('warning')
  return (
    <>
      <div aria-live="polite">
        {checking ? (
          <Text size="sm" c="dimmed">
            {words.checking}
          </Text>
        ) : errors > 0 ? (
          <Text size="sm" c="var(--rmada-bad)" fw={560}>
            {words.mustFix(counted(errors, 'thing'))}
          </Text>
        ) : (
          <Text size="sm" c="var(--rmada-good)" style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
            <IconCircleCheck size={16} aria-hidden style={{ flexShrink: 0 }} />
            {warnings === 0 ? words.checked : words.checkedWithWarnings(counted(warnings, 'warning'))}
          </Text>
        )}
      </div>
      <FindingList findings={plan.findings} />
      {plan.spec !== null && (
        <>
          <Prices plan={plan} />
          <Divider color="var(--rmada-hairline)" />
          <div>
            <Text size="xs" c="dimmed" mb={2}>
              {words.creates}
            </Text>
            <Creates plan={plan} />
          </div>
        </>
      )}
    </>
  )
}
