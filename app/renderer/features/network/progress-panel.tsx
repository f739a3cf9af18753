import { Group, Paper, Text, Title, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { Task, TaskStep } from '../../../contract/index.ts'
import { duration } from '../../format/time.ts'
import { text } from '../../strings/index.ts'
import { QuestionPanel } from '../choices/question-panel.tsx'
import { CancelTask } from '../tasks/cancel-task.tsx'
import { TaskLogButton } from '../tasks/task-log.tsx'
import classes from './progress-panel.module.css'

/** A task at work: a bar whose parts are as wide as their steps are long, and the steps with what each one does. */
export function ProgressPanel({ task }: { task: Task }): ReactElement {
  const percent = Math.round(task.progress * 100)
  return (
    <Paper component="section" aria-label={text.network.progress}>
      <Group justify="space-between" wrap="nowrap" mb="sm">
        <Title order={2}>{task.title}</Title>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" c="dimmed" className="numeric">
            {percent}%
          </Text>
          <TaskLogButton task={task} size="compact-sm" />
          <CancelTask task={task} size="compact-sm" />
        </Group>
      </Group>
      <VisuallyHidden>
        <progress aria-label={task.title} max={100} value={percent} />
      </VisuallyHidden>
      <div className={classes.bar} aria-hidden>
        {task.steps.map((step) => (
          <div key={step.name} className={classes.part} style={{ flexGrow: step.weight }}>
            <div className={classes.filled} data-state={step.state} style={{ width: `${filled(step) * 100}%` }} />
          </div>
        ))}
      </div>
      <p className={classes.message} aria-live="polite">
        {task.message}
      </p>
      {task.question && <QuestionPanel key={task.question.id} task={task} question={task.question} />}
      <Steps steps={task.steps} said={task.message} />
    </Paper>
  )
}

function filled(step: TaskStep): number {
  return step.state === 'done' || step.state === 'skipped' ? 1 : step.state === 'waiting' ? 0 : step.progress
}

/**
 * Steps in their order, each with its state in words for those who do not see the mark. What is `said` above them
 * already is not said again.
 */
export function Steps({ steps, said = '' }: { steps: readonly TaskStep[]; said?: string }): ReactElement {
  return (
    <ol className={classes.steps} aria-label={text.network.stepsLabel}>
      {steps.map((step) => (
        <li key={step.name} className={classes.step} data-state={step.state}>
          <span className={classes.mark}>
            <VisuallyHidden>{text.network.stepStates[step.state]}</VisuallyHidden>
            <Mark step={step} />
          </span>
          <span className={classes.title}>{step.title}</span>
          <span className={classes.detail}>
            {(step.state === 'running' || step.state === 'failed') && step.message !== said ? step.message : ''}
          </span>
          <span className={classes.time}>{step.ms === null ? '' : duration(step.ms)}</span>
        </li>
      ))}
    </ol>
  )
}

function Mark({ step }: { step: TaskStep }): ReactElement | null {
  switch (step.state) {
    case 'done':
      return <IconCheck size={14} stroke={2.5} aria-hidden />
    case 'failed':
      return <IconX size={14} stroke={2.5} aria-hidden />
    case 'skipped':
      return <IconMinus size={14} stroke={2.5} aria-hidden />
    case 'running':
    case 'waiting':
      return null
  }
}
