import type { Command } from 'commander'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { directories } from '../../../adapters/surroundings/directories.ts'
import { appRoot } from '../../app-root.ts'
import { findManager } from '../../manager/find-or-start.ts'
import { readRuntimeFile } from '../../manager/runtime-file.ts'
import { run, runWithManager } from '../run-command.ts'

const stopLimitMs = 20_000

export function addManagerCommands(program: Command): void {
  const manager = program.command('manager').description('start or stop the manager, which runs without a window')
  manager
    .command('start', { isDefault: true })
    .description('start it, unless it runs already')
    .option('--json', 'print one JSON value on standard output')
    .action(async (_options: object, command: Command) =>
      runWithManager(command, async (io, client) => {
        await Promise.resolve()
        io.result({ ok: true, ...client.manager }, `The manager runs as process ${client.manager.pid}.`)
      })
    )
  manager
    .command('stop')
    .description('end it; networks stay as they are')
    .option('--json', 'print one JSON value on standard output')
    .action(async (_options: object, command: Command) =>
      run(command, async (io) => {
        const client = await findManager(io.environment, { audience: 'cli' })
        if (!client) return io.result({ ok: true, stopped: false }, 'No manager is running.')
        await client.call('manager.shutdown', {})
        client.close()
        const { runtime } = directories(io.environment)
        const limit = Date.now() + stopLimitMs
        while (readRuntimeFile(runtime)?.pid === client.manager.pid && Date.now() < limit) await sleep(50)
        io.result({ ok: true, stopped: true }, 'The manager has ended; networks stay as they are.')
      })
    )
  program
    .command('info')
    .description('version, data directory and abilities of the manager')
    .action(async (_options: object, command: Command) =>
      runWithManager(command, async (io, client) => {
        const info = await client.call('manager.info', {})
        io.result(
          info,
          [
            `Rmada ${info.version}, protocol ${info.protocol}, process ${info.pid}`,
            `Data: ${info.dataDirectory}`,
            `Secrets: ${info.secrets}`,
            `Practice cloud: ${info.practice.backend}. ${info.practice.explanation}`
          ].join('\n')
        )
      })
    )
  program
    .command('app')
    .description('open the app with its window')
    .action(async (_options: object, command: Command) =>
      run(command, async (io) => {
        const args = ['--disable-warning=ExperimentalWarning', join(appRoot, 'app/main/shells/start.ts')]
        const child = spawn(process.execPath, args, { stdio: 'inherit', cwd: appRoot })
        const code = await new Promise<number>((resolve) => {
          child.on('exit', (exit) => {
            resolve(exit ?? 1)
          })
        })
        process.exitCode = code
        io.result({ ok: code === 0 }, '')
      })
    )
}
