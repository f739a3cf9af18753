import { Command } from 'commander'
import { appVersion } from '../app-root.ts'
import { addAccountCommands } from './commands/account.ts'
import { addCatalogueCommands } from './commands/catalogue.ts'
import { addChangeCommands } from './commands/change.ts'
import { addConnectionCommand } from './commands/connection.ts'
import { addEvaluateCommands } from './commands/evaluate.ts'
import { addImageCommands } from './commands/images.ts'
import { addLaunchCommands } from './commands/launch.ts'
import { addManagerCommands } from './commands/manager.ts'
import { addNetworkCommands } from './commands/networks.ts'
import { addNodeCommands } from './commands/nodes.ts'
import { addOrphanCommands } from './commands/orphans.ts'
import { addPracticeCommand } from './commands/practice.ts'
import { addTaskCommands } from './commands/tasks.ts'
import { addTypeCommands } from './commands/types.ts'
import { addUnlockKeyCommand } from './commands/unlock-key.ts'
import { addVolumeCommands } from './commands/volumes.ts'
import { exitCodeHelp } from './exit-codes.ts'

/** The command line `rmada` with all its commands. Wrong usage throws commander's error. */
export function createProgram(json: boolean): Command {
  const program = new Command('rmada')
    .description('Launch MPI networks on EC2, or on the practice cloud of this computer, and compute on them.')
    .version(appVersion)
    .option('--json', 'print exactly one JSON value on standard output, all else on standard error')
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    // What is wrong is told once, by main.ts; help asked for goes to standard output as usual.
    .configureOutput({
      writeErr: json
        ? () => undefined
        : (text) => {
            if (!text.startsWith('error:')) process.stderr.write(text)
          }
    })
  const add = [
    addLaunchCommands,
    addNetworkCommands,
    addChangeCommands,
    addNodeCommands,
    addOrphanCommands,
    addEvaluateCommands,
    addTaskCommands,
    addCatalogueCommands,
    addImageCommands,
    addTypeCommands,
    addAccountCommands,
    addConnectionCommand,
    addUnlockKeyCommand,
    addVolumeCommands,
    addPracticeCommand,
    addManagerCommands
  ]
  for (const addCommands of add) addCommands(program)
  for (const command of program.commands.flatMap((one) => [one, ...one.commands])) {
    const known = command.options.some((option) => option.long === '--json')
    if (!known) command.option('--json', 'print one JSON value on standard output')
  }
  return program
}
