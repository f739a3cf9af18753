import { useDebouncedValue } from '@mantine/hooks'
import { Grid, Stack } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { ReactElement } from 'react'
import { useRegions } from '../../data/use-catalogue.ts'
import { usePlan } from '../../data/use-plan.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { emptyDraft, isLaunchable, specOf, withRegion } from './draft.ts'
import type { Draft } from './draft.ts'
import { PlanSummary } from './plan-summary.tsx'
import { Review } from './review.tsx'
import { SpecForm } from './spec-form.tsx'

const pauseInTyping = 250

/** Choose, then review: nothing is rented before the second page says what would be. */
export function CreateScreen(): ReactElement {
  const regions = useRegions()
  const [edited, setEdited] = useState<Draft>(emptyDraft)
  const [reviewing, setReviewing] = useState(false)

  // The region that was used last, or else the first that can be used, is chosen for the user until another one is.
  const usable = regions.data?.filter((region) => region.unavailable === null)
  const firstUsable = (usable?.find((region) => region.last) ?? usable?.[0])?.id ?? null
  const chosen = useMemo(
    () => (edited.region === null ? withRegion(edited, firstUsable) : edited),
    [edited, firstUsable]
  )
  const [asked] = useDebouncedValue(chosen, pauseInTyping)
  const plan = usePlan(specOf(asked))
  const checking = plan.isFetching || asked !== chosen

  // The name that the plan proposed first is kept, so that it does not change under the user's eyes.
  const proposed = plan.data?.spec?.name ?? null
  if (edited.name === null && proposed !== null) setEdited({ ...edited, name: proposed })

  if (reviewing && isLaunchable(plan.data)) {
    return (
      <Review
        plan={plan.data}
        checking={checking}
        onChange={() => {
          setReviewing(false)
        }}
      />
    )
  }
  return (
    <Stack gap="lg">
      <PageHead back title={text.create.title} />
      {regions.isError && (
        <ErrorPanel
          error={regions.error}
          title={text.create.fields.region}
          onRetry={() => {
            void regions.refetch()
          }}
        />
      )}
      <Grid gap="lg" align="flex-start">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <SpecForm draft={chosen} plan={plan.data} regions={regions.data} onChange={setEdited} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <PlanSummary
            plan={plan}
            checking={checking}
            onReview={() => {
              setReviewing(true)
            }}
          />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
