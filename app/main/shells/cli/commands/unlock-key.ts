import { resolve } from 'node:path'
import type { Command } from 'commander'
import { RmadaError } from '../../../core/error.ts'
import { runWithManager } from '../run-command.ts'
import { askHidden, readLines } from '../secret-input.ts'

export function addUnlockKeyCommand(program: Command): void {
  program
    .command('unlock-key <file>')
    .description('open an encrypted private key for --key-file; asks for its passphrase, or reads it from input')
    .option('--remember', 'keep the passphrase in the keychain; else it is gone when the manager ends')
    .action(async (file: string, options: { remember?: boolean }, command: Command) =>
      runWithManager(command, async (io, client) => {
        // Never as an option: a command line can be read by others and stays in the shell's history.
        const [passphrase = ''] = io.isTerminal
          ? [await askHidden('Passphrase: ', io)]
          : await readLines(process.stdin, 1)
        if (passphrase === '') {
          throw new RmadaError('INVALID_INPUT', 'No passphrase was given.', {
            suggestion: 'Type it when asked, or put it on standard input.'
          })
        }
        const result = await client.call('keys.unlock', {
          file: resolve(file), passphrase, ...(options.remember ? { remember: true } : {})
        })
        io.result(result, `The private key is open until the manager ends: ${resolve(file)}`)
      })
    )
}
