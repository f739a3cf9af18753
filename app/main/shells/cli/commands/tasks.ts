import type { Command } from 'commander'
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
    .command('cancel <task>')
    .description('cancel a task; what it rented is given back')
    .action(async (id: string, _options: object, command: Command) =>
      runWithManager(command, async (io, client) => {
        const task = await client.call('tasks.cancel', { id })
        io.result(task, `Cancelling: ${task.title}`)
      })
    )
}
