import type { Command } from 'commander'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'
import { table } from '../table.ts'

export function addCatalogueCommands(program: Command): void {
  withRegionOptions(program.command('regions').description('regions that can be chosen')).action(
    async (options: RegionOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        await connectRegion(client, options, io.environment)
        const regions = await client.call('regions.list', {})
        io.result(
          regions,
          table(
            ['REGION', 'NAME', 'KIND', 'NOTE'],
            regions.map((region) => [region.id, region.name, region.kind, region.unavailable ?? region.endpoint ?? ''])
          )
        )
      })
  )
}
