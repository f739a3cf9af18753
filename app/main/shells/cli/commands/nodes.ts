import type { Command } from 'commander'
import { resolve } from 'node:path'
import type { Task } from '../../../../contract/index.ts'
import type { LocalClient } from '../../../transports/local-client.ts'
import { RmadaError } from '../../../core/error.ts'
import { followTask } from '../follow-task.ts'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'

interface NodeOptions extends RegionOptions {
  readonly wait?: boolean
  readonly yes?: boolean
  readonly instance?: readonly string[]
}

/** The manager runs in another folder. */
const resolveKey = (file: string): string => (file === 'ssh-agent' || file.startsWith('~/') ? file : resolve(file))

/** Runs one command on nodes of a network as a task. */
async function change(
  self: Command,
  options: NodeOptions,
  words: { running: string; done: string },
  start: (client: LocalClient) => Promise<Task>
): Promise<void> {
  await runWithManager(self, async (io, client) => {
    await connectRegion(client, options, io.environment)
    const task = await start(client)
    if (!options.wait) return io.result(task, `${words.running} Follow it with: rmada tasks`)
    io.result(await followTask(client, task, io.note), words.done)
  })
}

/** Commands on single nodes: add, remove, reboot. */
export function addNodeCommands(program: Command): void {
  const withWait = (command: Command): Command =>
    withRegionOptions(command).option('--wait', 'wait until it is done, with progress on standard error')

  withWait(program.command('reboot <name>').description('reboot all instances of a network, or some'))
    .option('--instance <id...>', 'only these; all by default')
    .action(async (name: string, options: NodeOptions, self: Command) =>
      change(self, options, { running: `Rebooting ${name}.`, done: `${name} is running again.` }, async (client) =>
        client.call(
          'networks.rebootInstances',
          options.instance === undefined ? { name } : { name, instances: [...options.instance] }
        )
      )
    )
  withWait(program.command('add-nodes <name> <count>').description('rent more nodes for a running network')).action(
    async (name: string, text: string, options: NodeOptions, self: Command) =>
      change(self, options, { running: `Adding nodes to ${name}.`, done: `${name} has its new nodes.` }, async (client) => {
        const count = Number(text)
        if (text.trim() === '' || !Number.isFinite(count)) {
          throw new RmadaError('COUNT_INVALID', `The number of nodes must be a whole number, not: ${text}`, {
            suggestion: 'Give a number, for example: rmada add-nodes fit 2'
          })
        }
        return client.call('networks.addNodes', { name, count })
      })
  )
  withWait(
    program.command('take-over <name>').description('use a network here that another computer launched')
  )
    .requiredOption('--key <file>', 'private half of its key pair, or ssh-agent')
    .action(async (name: string, options: NodeOptions & { key: string }, self: Command) =>
      change(self, options, { running: `Taking over ${name}.`, done: `${name} is running.` }, async (client) =>
        client.call('networks.takeOver', { name, privateKeyFile: resolveKey(options.key) })
      )
    )
  withWait(
    program
      .command('remove-nodes <name> <instance...>')
      .description('terminate nodes of a network for good; never its master')
  )
    .option('--yes', 'confirm that their disks are removed with them')
    .action(async (name: string, instances: string[], options: NodeOptions, self: Command) =>
      change(self, options, { running: `Removing nodes of ${name}.`, done: `${name} goes on without them.` }, async (client) => {
        if (!options.yes) {
          throw new RmadaError('INVALID_INPUT', `Terminating ${instances.join(', ')} was not confirmed.`, {
            suggestion: 'Add --yes: the nodes end for good, and their disks are removed.'
          })
        }
        return client.call('networks.removeNodes', { name, instances })
      })
    )
}
