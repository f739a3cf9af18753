import { Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Plan } from '../../../contract/index.ts'
import { daily, dollars, hourly } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import classes from './create.module.css'

/** What a launch costs an hour and a day with all that belongs to it; a least where a price is not known. */
export function Prices({ plan }: { plan: Plan }): ReactElement {
  const words = text.create
  const { perHour, complete } = plan.total
  const least = complete ? '' : `${words.atLeast} `
  return (
    <div>
      {perHour !== null && (
        <dl className={classes.prices}>
          <div>
            <dt>{words.perHour}</dt>
            <dd>{least + hourly(perHour)}</dd>
          </div>
          <div>
            <dt>{words.perDay}</dt>
            <dd>{least + daily(perHour)}</dd>
          </div>
        </dl>
      )}
      {plan.pricePerHour === null && (
        <Text size="sm" c="dimmed" mt={6}>
          {words.priceUnknown}
        </Text>
      )}
      {plan.pricePerHour !== null && !complete && (
        <Text size="sm" c="dimmed" mt={6}>
          {words.incomplete}
        </Text>
      )}
      {plan.priceSource !== null && (
        <Text size="xs" c="dimmed" mt={6}>
          {plan.priceSource}
        </Text>
      )}
    </div>
  )
}

/** The cost line by line, each with where its price comes from and of which day. */
export function Estimate({ plan }: { plan: Plan }): ReactElement {
  const words = text.create.estimate
  return (
    <table className={classes.estimate}>
      <thead>
        <tr>
          <th scope="col">{words.item}</th>
          <th scope="col">{words.unitPrice}</th>
          <th scope="col">{words.perHour}</th>
        </tr>
      </thead>
      <tbody>
        {plan.estimate.map((line) => (
          <tr key={line.item}>
            <th scope="row">
              {line.quantity} × {line.item}
              <span className={classes.source}>
                {line.source}
                {line.date !== null && ` · ${line.date}`}
              </span>
            </th>
            <td>{line.unitPrice === null ? words.unknown : text.create.estimate.per(dollars(line.unitPrice), line.unit)}</td>
            <td>{line.perHour === null ? words.unknown : hourly(line.perHour)}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
