import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from '../../../practice/machines/machines.ts'
import { run } from '../run-command.ts'
import { addFaultCommand } from './practice-fault.ts'

function portFrom(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new InvalidArgumentError('It must be a port number from 0 to 65535.')
}

/** Names of actions; without a service they are EC2's. */
function actionsFrom(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  if (!names.every((name) => /^([a-z0-9-]+:)?[A-Z]\w+$/.test(name)))
    throw new InvalidArgumentError('It must be names of actions, as in RunInstances,ec2:CreateTags.')
  return names.map((name) => (name.includes(':') ? name : `ec2:${name}`))
}

function wholeFrom(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value)) return value
  throw new InvalidArgumentError('It must be a whole number.')
}

interface PracticeOptions {
  readonly backend: 'auto' | Backend
  readonly port: number
  readonly seed?: number
  readonly state?: string
  readonly deny?: readonly string[]
}

export function addPracticeCommand(program: Command): void {
  const practice = program.command('practice')
  addFaultCommand(practice)
  practice
    .description('serve the practice cloud alone, for any EC2 client, until it is interrupted')
    .addOption(
      new Option('--backend <backend>', 'what its machines are')
        .choices(['auto', 'namespaces', 'processes', 'none'])
        .default('auto')
    )
    .option('--port <port>', 'loopback port; any free one by default', portFrom, 0)
    .option(
      '--deny <actions>',
      'also make a restricted access key that may not do these, for example RunInstances,ec2:CreateTags',
      actionsFrom
    )
    .option('--seed <n>', 'what the chance of its faults follows from (rmada practice fault); 1 by default', wholeFrom)
    .option('--state <directory>', 'folder that keeps its state over a restart; by default it forgets all at its end')
    .action(async (options: PracticeOptions, command: Command) =>
      run(command, async (io) => {
        // Loaded here alone: the ssh server behind it would slow every other command down.
        const { servePractice } = await import('../../../practice/endpoint/serve.ts')
        const { createFaults } = await import('../../../practice/endpoint/faults/faults.ts')
        const { FaultRules } = await import('../../../practice/endpoint/faults/rules.ts')
        const stateDirectory = options.state ?? (await mkdtemp(join(tmpdir(), 'rmada-practice-')))
        const practice = await servePractice({
          stateDirectory,
          backend: options.backend,
          port: options.port,
          faults: createFaults(FaultRules.parse({ seed: options.seed })),
          ...(options.deny ? { deny: options.deny } : {}),
          log: (level, message) => {
            if (level !== 'info') io.note(message)
          }
        })
        const { endpoint, region, accessKeyId, secretAccessKey, restricted } = practice
        io.result(
          { endpoint, region, accessKeyId, secretAccessKey, ...(restricted && { restricted }) },
          [
            `The practice cloud is ready. ${practice.explanation}`,
            `export AWS_ENDPOINT_URL_EC2=${endpoint} AWS_REGION=${region}`,
            `export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
            ...(restricted
              ? [
                  `The key that may not do ${options.deny?.join(', ')}:`,
                  `export AWS_ACCESS_KEY_ID=${restricted.accessKeyId} AWS_SECRET_ACCESS_KEY=${restricted.secretAccessKey}`
                ]
              : [])
          ].join('\n')
        )
        await new Promise<void>((resolve) => {
          for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve)
        })
        await practice.close({ powerOff: true })
        if (options.state === undefined) await rm(stateDirectory, { recursive: true, force: true })
      })
    )
}
