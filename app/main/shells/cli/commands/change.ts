import type { Command } from 'commander'
import { createInterface } from 'node:readline/promises'
import { RmadaError } from '../../../core/error.ts'
import type { OnFailure } from '../../../../contract/index.ts'
import { onFailureOption } from '../on-failure.ts'
import { followTask } from '../follow-task.ts'
import type { Io } from '../io.ts'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'

interface ChangeOptions extends RegionOptions {
  readonly wait?: boolean
  readonly yes?: boolean
  readonly onFailure?: OnFailure
}

/** Terminating needs `--yes`, or somebody at the terminal who types the name. */
async function confirmByName(name: string, io: Io): Promise<void> {
  const refusal = new RmadaError('INVALID_INPUT', `Terminating ${name} was not confirmed.`, {
    suggestion: 'Add --yes, or type the name when asked.'
  })
  if (!io.isTerminal) throw refusal
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const typed = await terminal.question(
    `This ends all instances of ${name} and removes their disks. Type its name to go on: `
  )
  terminal.close()
  if (typed.trim() !== name) throw refusal
}

export function addChangeCommands(program: Command): void {
  const changes = [
    {
      verb: 'stop',
      summary: 'stop all instances of a network; its disks stay and are billed',
      running: 'Stopping',
      done: 'is stopped.'
    },
    { verb: 'start', summary: 'start a stopped network again', running: 'Starting', done: 'is running.' },
    { verb: 'repair', summary: 'configure the nodes of a network again', running: 'Repairing', done: 'is running.' },
    {
      verb: 'terminate',
      summary: 'terminate a network and all that was created for it',
      running: 'Terminating',
      done: 'is gone.'
    }
  ] as const
  for (const { verb, summary, running, done } of changes) {
    const command = withRegionOptions(program.command(`${verb} <name>`).description(summary)).option(
      '--wait',
      'wait until it is done, with progress on standard error'
    )
    if (verb === 'terminate') command.option('--yes', 'do not ask')
    else command.addOption(onFailureOption())
    command.action(async (name: string, options: ChangeOptions, self: Command) =>
      runWithManager(self, async (io, client) => {
        if (verb === 'terminate' && !options.yes) await confirmByName(name, io)
        await connectRegion(client, options, io.environment)
        const task = verb === 'terminate'
          ? await client.call('networks.terminate', { name })
          : await client.call(`networks.${verb}`, { name, onFailure: options.onFailure ?? 'stop' })
        if (!options.wait) return io.result(task, `${running} ${name}. Follow it with: rmada tasks`)
        io.result(await followTask(client, task, io.note), `${name} ${done}`)
      })
    )
  }
}
