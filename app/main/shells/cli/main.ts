import { createProgram } from './program.ts'
import { exitCodes } from './exit-codes.ts'
import { CommanderError } from 'commander'
import { tellFailure } from './io.ts'

const json = process.argv.includes('--json')

try {
  await createProgram(json).parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Help and version are no errors; commander has printed them.
  if (error.exitCode !== 0) {
    tellFailure(
      {
        json,
        note: (line) => {
          process.stderr.write(`${line}\n`)
        }
      },
      {
        code: 'INVALID_INPUT',
        message: error.message
          .replace(/^error: /, '')
          .replaceAll('\n', ' ')
          .replace(/^./, (first) => first.toUpperCase()),
        suggestion: 'See: rmada --help'
      }
    )
    process.exitCode = exitCodes.badInput
  }
}
