import type { Command } from 'commander'
import { defaultBrowserCommand, openAddress } from '../../browser/open-window.ts'
import { exitCodes } from '../exit-codes.ts'
import { runWithManager } from '../run-command.ts'

export function addEvaluateCommands(program: Command): void {
  program
    .command('eval <name> <expression>')
    .description('evaluate R source text on the master and print what it prints')
    .action(async (name: string, expression: string, _options: object, command: Command) =>
      runWithManager(command, async (io, client) => {
        const evaluated = await client.call('evaluator.eval', { name, expression })
        io.result({ ok: true, ...evaluated }, evaluated.output + evaluated.value)
      })
    )
  program
    .command('exec <name> <command>')
    .description('run a shell command on one node over ssh')
    .option('--instance <id>', 'instance; the master by default')
    .action(async (name: string, line: string, options: { instance?: string }, command: Command) =>
      runWithManager(command, async (io, client) => {
        const done = await client.call('networks.exec', {
          name,
          command: line,
          ...(options.instance === undefined ? {} : { instance: options.instance })
        })
        if (!io.json && done.stderr !== '') io.note(done.stderr.trimEnd())
        io.result(done, done.stdout)
        if (done.exitCode !== 0) process.exitCode = exitCodes.failed
      })
    )
  program
    .command('open <name>')
    .description("open the master's web IDE in the browser")
    .option('--print', 'print the address only')
    .action(async (name: string, options: { print?: boolean }, command: Command) =>
      runWithManager(command, async (io, client) => {
        const ide = await client.call('ide.open', { name })
        io.result(ide, ide.url)
        if (ide.signIn) io.note(`Sign in as ${ide.signIn.user} with the password ${ide.signIn.password}`)
        if (!options.print && !io.json) await openAddress(defaultBrowserCommand(ide.url))
      })
    )
}
