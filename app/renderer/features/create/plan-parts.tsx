import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Plan } from '../../../contract/index.ts'
import { daily, hourly } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import classes from './create.module.css'

/** What a launch costs an hour and a day, and where those numbers come from. */
export function Prices({ plan }: { plan: Plan }): ReactElement {
  const words = text.create
  if (plan.pricePerHour === null)
    return (
      <Text size="sm" c="dimmed">
        {words.priceUnknown}
      </Text>
    )
  return (
    <div>
      <dl className={classes.prices}>
        <div>
          <dt>{words.perHour}</dt>
          <dd>{hourly(plan.pricePerHour)}</dd>
        </div>
        <div>
          <dt>{words.perDay}</dt>
          <dd>{daily(plan.pricePerHour)}</dd>
        </div>
      </dl>
      {plan.priceSource !== null && (
        <Text size="xs" c="dimmed" mt={6}>
          {plan.priceSource}
        </Text>
      )}
    </div>
  )
}

/** Everything that a launch would make in the cloud, by name. */
export function Creates({ plan }: { plan: Plan }): ReactElement {
  return (
    <ul className={classes.creates}>
      {plan.creates.map((thing) => (
        <li key={`${thing.kind} ${thing.name}`}>
          <span className="numeric">
            {thing.count} × {kindWord(thing.kind)}
          </span>
          <span>{thing.name}</span>
        </li>
      ))}
    </ul>
  )
}

/** Kinds come as the manager names them ("security-group"): shown as words. */
function kindWord(kind: string): string {
  return kind.replaceAll('-', ' ')
}
