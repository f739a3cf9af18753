import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { join } from 'node:path'
import { directories } from '../../../adapters/surroundings/directories.ts'
import { RmadaError } from '../../../core/error.ts'
import { FaultRules, NodeFault } from '../../../practice/endpoint/faults/rules.ts'
import type { PracticeAddress } from '../../../practice/fault-client.ts'
import { run } from '../run-command.ts'

interface FaultOptions {
  readonly seed?: number
  readonly throttle?: number
  readonly lostAnswers?: number
  readonly late?: number
  readonly groupInUse?: number
  readonly bootDelay?: number
  readonly capacity?: FaultRules['capacity']
  readonly node?: FaultRules['nodes']
  readonly state?: string
  readonly clear?: boolean
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('It must be a share from 0 to 1.')
}

function whole(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value
  throw new InvalidArgumentError('It must be a whole number from 0.')
}

/** `3`, `type=c5.large,3`, `zone=practice-1a,type=c5.large,3`. */
function capacity(text: string, before: FaultRules['capacity'] = []): FaultRules['capacity'] {
  const parts = text.split(',')
  const named = new Map(parts.slice(0, -1).map((part) => part.split('=') as [string, string]))
  if ([...named.keys()].some((name) => name !== 'type' && name !== 'zone')) {
    throw new InvalidArgumentError('It must be like zone=practice-1a,type=c5.large,3.')
  }
  const type = named.get('type')
  const zone = named.get('zone')
  return [...before, { count: whole(parts.at(-1) ?? ''), ...(type ? { type } : {}), ...(zone ? { zone } : {}) }]
}

/** `dies`: the next one; `dies=2`: the next two; `dies=30%`: each with that chance. */
function node(text: string, before: FaultRules['nodes'] = []): FaultRules['nodes'] {
  const [name = '', often = '1'] = text.split('=')
  const fault = NodeFault.safeParse(name)
  if (!fault.success) throw new InvalidArgumentError(`It must be one of ${NodeFault.options.join(', ')}.`)
  const much = often.endsWith('%') ? { share: share(String(Number(often.slice(0, -1)) / 100)) } : { next: whole(often) }
  return [...before, { fault: fault.data, ...much }]
}

/** Adds `rmada practice fault`, which makes a running practice cloud have trouble. */
export function addFaultCommand(practice: Command): void {
  practice
    .command('fault')
    .description('make a running practice cloud go wrong, or with --clear right again; without options show what it does')
    .option('--throttle <share>', 'share of calls answered RequestLimitExceeded', share)
    .option('--lost-answers <share>', 'share of calls whose answer gets lost', share)
    .option('--late <ms>', 'how long new instances are not found', whole)
    .option('--group-in-use <ms>', 'how long a security group stays in use after its instances', whole)
    .option('--boot-delay <ms>', 'how much longer a boot takes', whole)
    .option('--capacity <rule>', 'at most so many instances: 3, or zone=practice-1a,type=c5.large,3; repeatable', capacity)
    .option('--node <fault>', `strike the next node (dies), several (dies=2) or by chance (dies=30%): ${
      NodeFault.options.join(', ')}; repeatable`, node)
    .option('--clear', 'let all go well again')
    .addHelpText('after', '\nTakes --seed <n> and --state <directory> too; by default it is the practice cloud of the environment\n(AWS_ENDPOINT_URL_EC2, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), else that of the manager.')
    .action(async (_own: object, command: Command) => {
      // --seed and --state are those of `practice` itself, wherever they stand.
      const options = command.optsWithGlobals<FaultOptions>()
      await run(command, async (io) => {
        const { findPractice, steerFaults } = await import('../../../practice/fault-client.ts')
        const place = addressFrom(options, io.environment)
          ?? await findPractice(options.state ?? join(directories(io.environment).data, 'practice'))
        if (place === null) {
          throw new RmadaError('ENDPOINT_UNREACHABLE', 'No practice cloud runs here.', {
            suggestion: 'Start one with "rmada practice", or name its folder with --state.'
          })
        }
        const wanted = rulesFrom(options)
        const holds = await steerFaults(place, options.clear ? FaultRules.parse(wanted ?? {}) : wanted)
        io.result(holds, holdsText(holds))
      })
    })
}

function addressFrom({ state }: FaultOptions, env: Readonly<Record<string, string | undefined>>): PracticeAddress | null {
  const endpoint = env['AWS_ENDPOINT_URL_EC2'] ?? env['AWS_ENDPOINT_URL']
  const accessKeyId = env['AWS_ACCESS_KEY_ID']
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']
  if (state !== undefined || !endpoint || !accessKeyId || !secretAccessKey) return null
  return { endpoint, accessKeyId, secretAccessKey }
}

/** Null where nothing was asked for but to look. */
function rulesFrom(options: FaultOptions): FaultRules | null {
  const given = {
    seed: options.seed, throttle: options.throttle, lostAnswers: options.lostAnswers, lateMs: options.late,
    groupInUseMs: options.groupInUse, bootDelayMs: options.bootDelay, capacity: options.capacity, nodes: options.node
  }
  return Object.values(given).every((value) => value === undefined) ? null : FaultRules.parse(given)
}

function holdsText(rules: FaultRules): string {
  const well = FaultRules.parse({})
  const lines = Object.entries(rules)
    .filter(([name, value]) => name !== 'seed' && JSON.stringify(value) !== JSON.stringify(well[name as keyof FaultRules]))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return lines.length === 0 ? 'All goes well in the practice cloud.' : [`Faults by seed ${rules.seed}:`, ...lines].join('\n')
}
