import type { Command } from 'commander'
import { toErrorShape } from '../../core/error.ts'
import type { LocalClient } from '../../transports/local-client.ts'
import { findOrStartManager } from '../manager/find-or-start.ts'
import { exitCodeOf } from './exit-codes.ts'
import { createIo, tellFailure } from './io.ts'
import type { Io } from './io.ts'

/** True when `--json` stands on this command or on `rmada` itself. */
function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true
}

/** Runs a command's work and turns its failure into words and an exit code. */
export async function run(command: Command, work: (io: Io) => Promise<void>): Promise<void> {
  const io = createIo(wantsJson(command), process.env)
  try {
    await work(io)
  } catch (error) {
    const shape = toErrorShape(error)
    tellFailure(io, shape)
    process.exitCode = exitCodeOf(shape.code)
  }
}

/** The same with a connection to the manager, which is started when none runs. */
export async function runWithManager(
  command: Command,
  work: (io: Io, client: LocalClient) => Promise<void>
): Promise<void> {
  await run(command, async (io) => {
    const client = await findOrStartManager(io.environment, { audience: 'cli' })
    try {
      await work(io, client)
    } finally {
      client.close()
    }
  })
}
