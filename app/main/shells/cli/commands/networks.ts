import type { Command } from 'commander'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'
import { networksText, networkText } from '../texts.ts'

export function addNetworkCommands(program: Command): void {
  withRegionOptions(program.command('networks').description('all networks that are not yet gone')).action(
    async (options: RegionOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        await connectRegion(client, options, io.environment)
        const networks = await client.call('networks.list', {})
        io.result(networks, networksText(networks))
      })
  )
  withRegionOptions(program.command('status <name>').description('one network with its instances')).action(
    async (name: string, options: RegionOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        await connectRegion(client, options, io.environment)
        const network = await client.call('networks.get', { name })
        io.result(network, networkText(network))
      })
  )
}
