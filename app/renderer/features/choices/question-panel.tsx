import { Alert, Button, Code, NativeSelect, Stack, Text } from '@mantine/core'
import { IconHelp } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { Choice, Question, Task } from '../../../contract/index.ts'
import { useCommand } from '../../data/use-command.ts'
import { hourly } from '../../format/money.ts'
import { text } from '../../strings/index.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import classes from './question-panel.module.css'

/** Choices that give things back or end the task are not put forward. */
const quiet: ReadonlySet<Choice> = new Set(['roll-back', 'stop', 'continue'])

/** What a paused task asks: what is wrong, with which node, what it costs meanwhile, and every way on as a button. */
export function QuestionPanel({ task, question }: { task: Task; question: Question }): ReactElement {
  const words = text.choices
  const choose = useCommand('tasks.choose')
  const zones = question.choices.find((one) => one.choice === 'other-zone')?.zones ?? []
  const [zone, setZone] = useState(zones[0] ?? '')
  const [first] = question.nodes
  return (
    <Alert
      className={classes.panel}
      role="note"
      radius="lg"
      color="yellow"
      title={words.title}
      icon={<IconHelp aria-hidden />}
    >
      <Stack gap="sm">
        <Text size="sm" fw={550} aria-live="assertive">
          {question.trouble.message}
        </Text>
        {question.nodes.length > 0 && (
          <Text size="sm">
            {words.nodes}: {question.nodes.map((node) => `${node.hostName} (${node.role})`).join(', ')}
          </Text>
        )}
        {first !== undefined && question.console.length > 0 && (
          <details>
            <summary>{words.console(first.hostName)}</summary>
            <Code block tabIndex={0} className={classes.console} aria-label={words.console(first.hostName)}>
              {question.console.join('\n')}
            </Code>
          </details>
        )}
        <Text size="sm" className="numeric">
          {rentedWords(question)}
        </Text>
        {choose.isError && <ErrorPanel error={choose.error} title={words.title} />}
        <ul className={classes.choices}>
          {question.choices.map(({ choice, title, detail }) => (
            <li key={choice} className={classes.choice}>
              <Button
                size="sm"
                variant={quiet.has(choice) ? 'default' : 'light'}
                {...(choice === 'roll-back' ? { color: 'red', variant: 'light' } : {})}
                disabled={choose.isPending}
                loading={choose.isPending && choose.variables.choice === choice}
                aria-label={words.choose(title, task.network)}
                onClick={() => {
                  choose.mutate({
                    id: task.id,
                    choice,
                    question: question.id,
                    ...(choice === 'other-zone' && zone !== '' ? { zone } : {})
                  })
                }}
              >
                {title}
              </Button>
              {choice === 'other-zone' && zones.length > 1 && (
                <NativeSelect
                  size="sm"
                  aria-label={words.zone}
                  data={[...zones]}
                  value={zone}
                  onChange={(event) => {
                    setZone(event.currentTarget.value)
                  }}
                />
              )}
              <Text size="xs" className={classes.detail}>
                {detail}
              </Text>
            </li>
          ))}
        </ul>
      </Stack>
    </Alert>
  )
}

function rentedWords({ rented, pricePerHour }: Question): string {
  const words = text.choices
  if (rented.length === 0) return words.rentedNothing
  const instances = rented.filter((one) => one.kind === 'instance').length
  const things = instances > 0 ? words.instances(instances) : words.others(rented.length)
  return words.rented(things, pricePerHour === null ? words.priceUnknown : hourly(pricePerHour))
}
