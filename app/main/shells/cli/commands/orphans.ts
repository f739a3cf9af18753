import type { Command } from 'commander'
import type { Orphans } from '../../../../contract/index.ts'
import { followTask } from '../follow-task.ts'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'
import { table } from '../table.ts'

interface OrphanOptions extends RegionOptions {
  readonly remove?: true | readonly string[]
}

function orphansText({ region, orphans, pricePerHour }: Orphans): string {
  if (orphans.length === 0) return `Nothing was left behind in ${region}.`
  const cost = (price: number | null): string => (price === null ? 'unknown' : `$${price.toFixed(4)}`)
  return [
    table(
      ['ID', 'KIND', 'STATE', 'NETWORK', 'IN USE', 'USD AN HOUR'],
      orphans.map((one) => [one.id, one.kind, one.state, one.network, one.inUse ? 'perhaps' : '', cost(one.pricePerHour)])
    ),
    `All of it: ${cost(pricePerHour)} an hour.`
  ].join('\n')
}

/** What was left behind in a region, and its removal. */
export function addOrphanCommands(program: Command): void {
  withRegionOptions(
    program.command('orphans').description("what carries Rmada's tags and no network of this computer accounts for")
  )
    .option('--remove [id...]', 'remove it: what is named, or all that is surely in nobody\'s use')
    .action(async (options: OrphanOptions, self: Command) =>
      runWithManager(self, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        const found = await client.call('orphans.list', { region })
        const unused = found.orphans.filter((one) => !one.inUse).map((one) => one.id)
        const ids = options.remove === true ? unused : options.remove
        if (ids === undefined || (options.remove === true && ids.length === 0)) return io.result(found, orphansText(found))
        const task = await client.call('orphans.remove', { region, ids: [...ids], confirm: true })
        io.result(await followTask(client, task, io.note), `Removed: ${ids.join(', ')}`)
      })
    )
}
