import { Option } from 'commander'
import type { Command } from 'commander'
import { TypeOrder } from '../../../../contract/index.ts'
import type { CatalogueAge, InstanceType, SpotHistory, TypeQuery } from '../../../../contract/index.ts'
import { RmadaError } from '../../../core/error.ts'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'
import { table } from '../table.ts'

interface TypeOptions extends RegionOptions {
  readonly search?: string
  readonly minCores?: string
  readonly maxCores?: string
  readonly minMemory?: string
  readonly maxPrice?: string
  readonly cluster?: boolean
  readonly efa?: boolean
  readonly gpu?: boolean
  readonly current?: boolean
  readonly architecture?: 'x86_64' | 'arm64'
  readonly zone?: string
  readonly sort?: TypeOrder
  readonly descending?: boolean
  readonly limit?: string
  readonly refresh?: boolean
}

/** What is no number, or below `least`, is refused with the name of the option. */
function numberOf(option: string, text: string | undefined, least = 0, whole = false): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= least && (!whole || Number.isInteger(value))) return value
  throw new RmadaError('INVALID_INPUT', `${option} must be a ${whole ? 'whole ' : ''}number from ${least}, not: ${text}`, {
    suggestion: `Give a number, for example ${option} 4`
  })
}

/** The query that options stand for; what was not said does not narrow the list. */
function queryFrom(options: TypeOptions, region: string): TypeQuery {
  const query = {
    search: options.search,
    minCores: numberOf('--min-cores', options.minCores),
    maxCores: numberOf('--max-cores', options.maxCores),
    minMemoryGib: numberOf('--min-memory', options.minMemory),
    maxPrice: numberOf('--max-price', options.maxPrice),
    cluster: options.cluster,
    efa: options.efa,
    gpu: options.gpu,
    current: options.current,
    architecture: options.architecture,
    zone: options.zone,
    sort: options.sort,
    descending: options.descending,
    limit: numberOf('--limit', options.limit, 1, true),
    refresh: options.refresh
  }
  return { region, ...definedOnly(query) }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
function definedOnly<T extends object>(value: T): Defined<T> {
  // Only keys whose value is there are left, which is what the type says.
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Defined<T>
}

const mark = (has: boolean, word: string): string => (has ? word : '')

function typesText(types: readonly InstanceType[], age: CatalogueAge): string {
  if (types.length === 0) return 'No instance type fits. Ask for less, or see all with: rmada types'
  return [
    table(
      ['TYPE', 'CORES', 'VCPUS', 'MEMORY GIB', 'NETWORK', 'FOR', 'USD AN HOUR', 'SPOT NOW'],
      types.map((type) => [
        type.name,
        type.cores,
        type.vcpus,
        type.memoryGib,
        type.network,
        [
          mark(type.clusterPlacement, 'cluster'),
          mark(type.efa, 'EFA'),
          type.gpus > 0 ? `${type.gpus} x ${type.gpuNames.join(', ')}` : '',
          mark(type.burstable, 'trying'),
          mark(!type.currentGeneration, 'older')
        ]
          .filter((word) => word !== '')
          .join(', '),
        type.pricePerHour,
        type.spotPricePerHour
      ])
    ),
    ageText(age)
  ].join('\n')
}

/** A moment with its age: "2026-11-20 23:09 UTC, 3 hours ago". */
function moment(iso: string): string {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(iso)) / 60_000))
  const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'} ago`
  const age =
    minutes < 1
      ? 'just now'
      : minutes < 60
        ? counted(minutes, 'minute')
        : minutes < 48 * 60
          ? counted(Math.floor(minutes / 60), 'hour')
          : counted(Math.floor(minutes / 1440), 'day')
  return `${iso.slice(0, 16).replace('T', ' ')} UTC, ${age}`
}

/** Where prices and types come from, and from when they are. */
function ageText({ types, prices, spot }: CatalogueAge): string {
  const lines = [
    `Types as of ${moment(types.at)}.${types.problem === '' ? '' : ` They could not be asked for anew: ${types.problem}`}`,
    prices.from === 'none' ? 'No prices are known for this region.' : `Prices: ${prices.source}${prices.at === null ? '' : `, asked ${moment(prices.at)}`}.`
  ]
  if (prices.from !== 'price-list' && prices.problem !== '') lines.push(`The price list could not be read: ${prices.problem}`)
  lines.push(spot.at === null ? `No Spot prices: ${spot.problem}` : `Spot prices as of ${moment(spot.at)}, of the cheapest zone.`)
  return lines.join('\n')
}

function spotText({ instanceType, days, zones, onDemandPerHour, source }: SpotHistory): string {
  if (zones.length === 0) return `${instanceType} is not sold on Spot here.`
  return [
    table(
      ['ZONE', 'USD NOW', 'SINCE', `LOWEST IN ${days} DAYS`, 'HIGHEST', 'CHANGES'],
      zones.map((zone) => [zone.zone, zone.now, zone.since, zone.lowest, zone.highest, zone.changes])
    ),
    onDemandPerHour === null ? 'The on-demand price is not known.' : `On demand: ${onDemandPerHour} USD an hour.`,
    `${source}.`
  ].join('\n')
}

/** Which instance types there are, and what they cost. */
export function addTypeCommands(program: Command): void {
  withRegionOptions(program.command('types').description('instance types of a region, those for MPI first'))
    .option('--search <words>', 'words that name, network, GPU or architecture contain')
    .option('--min-cores <n>', 'at least so many cores')
    .option('--max-cores <n>', 'at most so many cores')
    .option('--min-memory <gib>', 'at least so much memory, in GiB')
    .option('--max-price <usd>', 'at most so many USD an hour on demand')
    .option('--cluster', 'only those that can stand in a cluster placement group')
    .option('--efa', 'only those with Elastic Fabric Adapter')
    .option('--gpu', 'only those with a GPU')
    .option('--no-gpu', 'only those without')
    .option('--current', 'only those of the current generation')
    .addOption(new Option('--architecture <name>', 'only those of it').choices(['x86_64', 'arm64']))
    .option('--zone <zone>', 'only those that the zone offers')
    .addOption(new Option('--sort <order>', 'order of the list').choices(TypeOrder.options).default('mpi'))
    .option('--descending', 'the other way round')
    .option('--limit <n>', 'the first so many')
    .option('--refresh', 'ask the cloud anew, not what is kept on disk')
    .action(async (options: TypeOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        // `--no-gpu` makes commander say gpu: true where neither was given.
        const given = command.getOptionValueSource('gpu') === 'default' ? { ...options, gpu: undefined } : options
        const region = await connectRegion(client, options, io.environment)
        const types = await client.call('catalogue.instanceTypes', queryFrom(definedOnly(given), region))
        io.result(types, typesText(types, await client.call('catalogue.age', { region })))
      })
    )
  withRegionOptions(
    program.command('spot-prices').description('Spot price of a type now in each zone, and its range over days')
  )
    .argument('<type>', 'instance type')
    .option('--days <n>', 'how many days back', '7')
    .action(async (type: string, options: RegionOptions & { days: string }, command: Command) =>
      runWithManager(command, async (io, client) => {
        const days = numberOf('--days', options.days, 1, true) ?? 7
        const region = await connectRegion(client, options, io.environment)
        const history = await client.call('catalogue.spotHistory', { region, instanceType: type, days })
        io.result(history, spotText(history))
      })
    )
}
