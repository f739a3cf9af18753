import type { Command } from 'commander'
import type { Accounts, Identity, Permissions } from '../../../../contract/index.ts'
import { RmadaError } from '../../../core/error.ts'
import { chooseRegion, connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'
import { askHidden, readLines } from '../secret-input.ts'
import { table } from '../table.ts'

interface ConnectOptions extends RegionOptions {
  readonly profile?: string
  readonly key?: string
  readonly remember?: boolean
  readonly default?: boolean
}

/** Commands on who we are to the cloud: ways to reach AWS, whose account it is, and what it may do. */
export function addAccountCommands(program: Command): void {
  withRegionOptions(program.command('connect').description('reach AWS by a profile, a stored key or another endpoint'))
    .option('--profile <name>', 'AWS profile to use from now on')
    .option('--key <name>', 'stored access key to use from now on; see rmada accounts')
    .option('--default', 'go back to what the AWS SDK finds: environment, profile, instance role')
    .option('--remember', 'offer a custom endpoint again after a restart')
    .action(async (options: ConnectOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        const { profile, key, remember } = options
        const { region, endpoint, credentials } = chooseRegion(options, io.environment)
        const named = profile !== undefined || key !== undefined
        if (endpoint === undefined && (named || options.default)) {
          // Without an endpoint of its own, a choice is for all regions of AWS.
          const accounts = await client.call('accounts.use', { profile: profile ?? null, key: key ?? null })
          if (options.region === undefined) {
            io.result(accounts, accountsText(accounts))
            return
          }
          await client.call('regions.connect', { region })
        } else if (endpoint !== undefined && (named || remember)) {
          await client.call('regions.connect', {
            region, endpoint,
            ...(profile === undefined ? {} : { profile }),
            ...(key === undefined ? {} : { key }),
            ...(named || credentials === undefined ? {} : { credentials }),
            ...(remember ? { remember } : {})
          })
        } else await connectRegion(client, options, io.environment)
        const identity = await client.call('regions.identify', { region })
        io.result(identity, identityText(identity))
      })
    )
  withRegionOptions(program.command('account').description('whose account a region is reached with; rents nothing'))
    .option('--permissions', 'also try which actions of a launch are permitted, without doing any')
    .action(async (options: RegionOptions & { permissions?: boolean }, command: Command) =>
      runWithManager(command, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        const identity = await client.call('regions.identify', { region })
        if (!options.permissions) {
          io.result(identity, identityText(identity))
          return
        }
        const permissions = await client.call('regions.permissions', { region })
        io.result({ ...identity, permissions }, `${identityText(identity)}\n${permissionsText(permissions)}`)
        if (permissions.missing.length > 0) process.exitCode = 1
      })
    )
  addKeyCommands(program)
}

function addKeyCommands(program: Command): void {
  const accounts = program
    .command('accounts')
    .description('ways to reach AWS that this computer has')
    .action(async (_options: unknown, command: Command) =>
      runWithManager(command, async (io, client) => {
        const found = await client.call('accounts.list', {})
        io.result(found, accountsText(found))
      })
    )
  accounts
    .command('add-key <name>')
    .description('keep an access key in the keychain; asks for it, or reads id and secret as two lines of standard input')
    .action(async (name: string, _options: unknown, command: Command) =>
      runWithManager(command, async (io, client) => {
        // Never as an option: a command line can be read by others and stays in the shell's history.
        const [accessKeyId = '', secretAccessKey = ''] = io.isTerminal
          ? [await askHidden('Access key id: ', io), await askHidden('Secret access key: ', io)]
          : await readLines(process.stdin, 2)
        if (accessKeyId === '' || secretAccessKey === '') {
          throw new RmadaError('INVALID_INPUT', 'No access key was given: the id and the secret are two lines.', {
            suggestion: 'Type them when asked, or put them on standard input.'
          })
        }
        const stored = await client.call('accounts.storeKey', { name, accessKeyId, secretAccessKey })
        const where =
          stored.kept === 'keychain'
            ? 'in the keychain of this computer'
            : 'in memory until the manager ends, as this computer has no keychain that can be used'
        io.result(stored, `The access key that ends in ${stored.keyEnding} is kept as "${name}" ${where}.`)
      })
    )
  accounts
    .command('delete-key <name>')
    .description('delete a stored access key')
    .action(async (name: string, _options: unknown, command: Command) =>
      runWithManager(command, async (io, client) => {
        await client.call('accounts.deleteKey', { name })
        io.result({ deleted: name }, `The access key "${name}" is deleted here; in AWS it stays active.`)
      })
    )
}

function identityText({ region, account, arn, by, clockAheadSeconds }: Identity): string {
  const lines = [`${region}: account ${account}`, `  as ${arn}`, `  by ${by}`]
  if (Math.abs(clockAheadSeconds) > 300) {
    const minutes = Math.round(Math.abs(clockAheadSeconds) / 60)
    lines.push(`Warning: the clock of this computer is ${minutes} minutes ${clockAheadSeconds > 0 ? 'fast' : 'slow'}.`)
  }
  return lines.join('\n')
}

function permissionsText({ checks, missing, policy }: Permissions): string {
  const list = table(
    ['ACTION', 'PERMITTED', 'NOTE'],
    checks.map(({ action, result, note }) => [action, words[result], note])
  )
  if (missing.length === 0) return list
  return `${list}\nMissing: ${missing.join(', ')}. This policy grants all that Rmada needs:\n${policy}`
}

const words = { allowed: 'yes', denied: 'no', unknown: 'not known' } as const

function accountsText({ profiles, configFile, environment, keys, chosen, secrets }: Accounts): string {
  const mark = (yes: boolean) => (yes ? '*' : '')
  const rows = [
    [mark(chosen.profile === null && chosen.key === null), '(default)', 'what the AWS SDK finds',
      environment ? 'keys in the environment' : ''],
    ...profiles.map(({ name, kind, region }) => [mark(chosen.profile === name), name, `profile (${kind})`, region ?? '']),
    ...keys.map(({ name, keyEnding, kept }) => [mark(chosen.key === name), name, `stored key (${kept})`, `…${keyEnding}`])
  ]
  const note = secrets === 'memory' ? '\nNo keychain can be used here: keys that are typed in are forgotten at the end.' : ''
  return `${table(['USED', 'NAME', 'KIND', 'REGION'], rows)}\nProfiles are read from ${configFile}.${note}`
}
