import type { Command } from 'commander'
import { followLog, latestTask, logLine } from '../task-log.ts'
import { InvalidArgumentError } from 'commander'
import { Choice } from '../../../../contract/index.ts'
import { questionText } from '../question-text.ts'
import { runWithManager } from '../run-command.ts'
import { table } from '../table.ts'

export function addTaskCommands(program: Command): void {
  program
    .command('tasks')
    .description('tasks at work and lately ended')
    .action(async (_options: object, command: Command) =>
      runWithManager(command, async (io, client) => {
        const tasks = await client.call('tasks.list', {})
        io.result(
          tasks,
          tasks.length === 0
            ? 'No tasks.'
            : table(
                ['ID', 'TASK', 'STATE', 'PROGRESS', 'MESSAGE'],
                tasks.map((task) => [
                  task.id,
                  task.title,
                  task.state,
                  `${Math.round(task.progress * 100)} %`,
                  task.error?.message ?? task.message
                ])
              )
        )
      })
    )
  program
    .command('choose <task> [choice]')
    .description('answer the question of a paused task; without a choice, show the question')
    .option('--zone <zone>', 'the zone for other-zone')
    .addHelpText('after', `\nChoices: ${Choice.options.join(', ')}`)
    .action(async (id: string, choice: string | undefined, options: { zone?: string }, command: Command) =>
      runWithManager(command, async (io, client) => {
        if (choice === undefined) {
          const task = await client.call('tasks.get', { id })
          return io.result(task, task.question ? questionText(task) : `${task.title} asks nothing now.`)
        }
        const known = Choice.safeParse(choice)
        if (!known.success) throw new InvalidArgumentError(`Choose one of ${Choice.options.join(', ')}.`)
        const task = await client.call('tasks.choose', {
          id, choice: known.data, ...(options.zone === undefined ? {} : { zone: options.zone })
        })
        io.result(task, `Chosen for ${task.title}: ${choice}`)
      })
    )
  program
    .command('cancel <task>')
    .description('cancel a task; what it rented is given back')
    .action(async (id: string, _options: object, command: Command) =>
      runWithManager(command, async (io, client) => {
        const task = await client.call('tasks.cancel', { id })
        io.result(task, `Cancelling: ${task.title}`)
      })
    )
  program
    .command('log [task]')
    .description('what a task printed on its nodes; the latest task by default')
    .option('--lines <n>', 'how many lines at most', '200')
    .option('--follow', 'go on until the task has ended')
    .action(async (id: string | undefined, options: { lines: string; follow?: boolean }, command: Command) =>
      runWithManager(command, async (io, client) => {
        const task = id ?? (await latestTask(client)).id
        if (options.follow && !io.json) return followLog(client, task, io)
        const log = await client.call('tasks.log', { id: task, lines: Number(options.lines) })
        const note = log.dropped === 0 ? [] : [`… ${log.dropped} lines before these are in ${log.file}`]
        io.result(log, [...note, ...log.lines.map(logLine)].join('\n') || 'Nothing was printed.')
      })
    )
}
