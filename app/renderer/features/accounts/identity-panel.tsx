import { Button, Group, Paper, Select, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useIdentity } from '../../data/use-accounts.ts'
import { useRegions } from '../../data/use-catalogue.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Facts } from '../../ui/facts.tsx'
import { PermissionList } from './permission-list.tsx'
import classes from './accounts.module.css'

const minute = 60
const mostClockOff = 5 * minute

/** Whose account a region is reached with, asked of AWS itself, and what it may do. */
export function IdentityPanel(): ReactElement {
  const words = text.accounts
  const regions = useRegions()
  const [edited, setRegion] = useState<string | null>(null)
  const first = regions.data?.find((region) => region.last) ?? regions.data?.[0]
  const region = edited ?? first?.id ?? null
  // Asked when the user says so: with instance roles and SSO, an answer may take long or need a sign-in.
  const [asked, setAsked] = useState<string | null>(null)
  const identity = useIdentity(asked)
  const clock = identity.data?.clockAheadSeconds ?? 0
  return (
    <Paper component="section" aria-labelledby="identity">
      <Stack>
        <Title order={2} id="identity">
          {words.identity}
        </Title>
        <Group align="flex-end" gap="sm">
          <Select
            label={words.region}
            value={region}
            allowDeselect={false}
            searchable
            style={{ flex: '1 1 260px' }}
            data={(regions.data ?? []).map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
            nothingFoundMessage={text.create.nothingFound}
            onChange={(next) => {
              setRegion(next)
              setAsked(null)
            }}
          />
          <Button
            variant="default"
            disabled={region === null}
            loading={identity.isFetching}
            onClick={() => {
              if (asked === region) void identity.refetch()
              else setAsked(region)
            }}
          >
            {words.check}
          </Button>
        </Group>
        <div aria-live="polite">
          {asked !== null && identity.isPending && <Skeleton height={70} aria-label={words.asking} />}
          {identity.isError && <ErrorPanel error={identity.error} title={words.identity} />}
          {identity.isSuccess && !identity.isError && (
            <Stack>
              {Math.abs(clock) > mostClockOff && (
                <Text size="sm" className={classes.notice}>
                  {words.clock(Math.round(Math.abs(clock) / minute), clock > 0)}
                </Text>
              )}
              <Facts
                of={[
                  [words.account, identity.data.account],
                  [words.arn, identity.data.arn],
                  [words.by, identity.data.by]
                ]}
              />
              <PermissionList key={identity.data.region + identity.data.arn} region={identity.data.region} />
            </Stack>
          )}
        </div>
      </Stack>
    </Paper>
  )
}
