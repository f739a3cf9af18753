import type { Command } from 'commander'
import type { Volume } from '../../../../contract/index.ts'
import { RmadaError } from '../../../core/error.ts'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'
import { table } from '../table.ts'

const placeOf = ({ attachedTo }: Volume): string =>
  attachedTo === null ? '' : attachedTo.network === null ? attachedTo.instance : `${attachedTo.network} (${attachedTo.instance})`

/** Volumes as people read them; prices with where they come from. */
function volumesText(volumes: readonly Volume[]): string {
  if (volumes.length === 0) return 'There are no volumes.'
  const sources = [...new Set(volumes.flatMap((one) => one.priceSource ?? []))]
  return [
    table(
      ['ID', 'NAME', 'ZONE', 'STATE', 'GIB', 'TYPE', 'ENCRYPTED', 'ATTACHED TO', 'MOUNTED AT', 'USD A MONTH'],
      volumes.map((one) => [
        one.id, one.root ? `${one.name} (root)`.trim() : one.name, one.zone, one.state, one.sizeGib, one.type,
        one.encrypted ? 'yes' : 'no', placeOf(one), one.mountedAt ?? '',
        one.pricePerMonth === null ? 'unknown' : one.pricePerMonth.toFixed(2)
      ])
    ),
    ...sources.map((source) => `Prices: ${source}.`)
  ].join('\n')
}

function sizeFrom(text: string): number {
  const size = Number(text)
  if (text.trim() !== '' && Number.isFinite(size)) return size
  throw new RmadaError('VOLUME_INVALID', `--gib must be a whole number, not: ${text}`, { suggestion: 'Give a number, for example --gib 20' })
}

/** Everything about EBS volumes, below `rmada volumes`. */
export function addVolumeCommands(program: Command): void {
  const volumes = withRegionOptions(
    program.command('volumes').description('EBS volumes: list (by default), create, attach, mount, unmount, detach, snapshot, delete')
  )
  const sub = (usage: string, description: string) => withRegionOptions(
    volumes.command(usage).description(description))
  /** A volume that one thing is done with. */
  const onOne = (
    name: string, description: string, method: 'volumes.unmount' | 'volumes.detach', said: (volume: Volume) => string
  ) => sub(`${name} <id>`, description).action(async (id: string, options: RegionOptions, self: Command) =>
    runWithManager(self, async (io, client) => {
      const volume = await client.call(method, { region: await connectRegion(client, options, io.environment), id })
      io.result(volume, said(volume))
    })
  )

  volumes.action(async (options: RegionOptions, self: Command) =>
    runWithManager(self, async (io, client) => {
      const found = await client.call('volumes.list', { region: await connectRegion(client, options, io.environment) })
      io.result(found, volumesText(found))
    })
  )
  sub('list', 'the volumes of a region').action(async (options: RegionOptions, self: Command) =>
    runWithManager(self, async (io, client) => {
      const found = await client.call('volumes.list', { region: await connectRegion(client, options, io.environment) })
      io.result(found, volumesText(found))
    })
  )
  sub('create', 'make a volume, encrypted')
    .requiredOption('--zone <zone>', 'availability zone; it serves instances of this zone only')
    .requiredOption('--gib <n>', 'size in GiB')
    .option('--type <kind>', 'gp3 (default), gp2, st1, sc1, standard')
    .option('--name <name>', 'its name')
    .option('--snapshot <id>', 'begin as a copy of this snapshot')
    .action(async (
      options: RegionOptions & { zone: string; gib: string; type?: string; name?: string; snapshot?: string }, self: Command
    ) =>
      runWithManager(self, async (io, client) => {
        const { zone, type, name, snapshot } = options
        const sizeGib = sizeFrom(options.gib)
        const region = await connectRegion(client, options, io.environment)
        const volume = await client.call('volumes.create', {
          region, zone, sizeGib, ...(type === undefined ? {} : { type }), ...(name === undefined ? {} : { name }),
          ...(snapshot === undefined ? {} : { snapshot })
        })
        io.result(volume, `${volume.id} is ${volume.state}.`)
      })
    )
  sub('attach <id> <network>', 'attach a volume to the master of a network')
    .option('--instance <id>', 'or to this instance of it')
    .action(async (id: string, network: string, options: RegionOptions & { instance?: string }, self: Command) =>
      runWithManager(self, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        const { instance } = options
        const volume = await client.call('volumes.attach', { region, id, network, ...(instance === undefined ? {} : { instance }) })
        io.result(volume, `${id} is attached to ${placeOf(volume)}.`)
      })
    )
  sub('mount <id>', 'mount an attached volume, and share it with the other nodes from the master; formats it only when blank')
    .option('--path <path>', 'mount point; /shared by default')
    .action(async (id: string, options: RegionOptions & { path?: string }, self: Command) =>
      runWithManager(self, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        const { path } = options
        const done = await client.call('volumes.mount', { region, id, ...(path === undefined ? {} : { path }) })
        const shared = done.sharedBy === null ? '' : `, shared by ${done.sharedBy === 'folder' ? 'one folder' : done.sharedBy}`
        io.result(done, `${id} is at ${done.path}${done.formatted ? ', newly formatted' : ''}${shared}.`)
      })
    )
  onOne('unmount', 'unmount a volume on all nodes', 'volumes.unmount', ({ id }) => `${id} is not mounted.`)
  onOne('detach', 'unmount and detach a volume', 'volumes.detach', ({ id, state }) => `${id} is ${state}.`)
  sub('snapshot <id>', 'begin a snapshot of a volume')
    .option('--description <text>', 'what it is of')
    .action(async (id: string, options: RegionOptions & { description?: string }, self: Command) =>
      runWithManager(self, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        const { description } = options
        const snapshot = await client.call('volumes.snapshot', { region, id, ...(description === undefined ? {} : { description }) })
        io.result(snapshot, `The snapshot ${snapshot.id} of ${id} is being made.`)
      })
    )
  sub('delete <id>', 'delete a volume with all that is on it, for good')
    .requiredOption('--confirm <id>', 'the id once more')
    .action(async (id: string, options: RegionOptions & { confirm: string }, self: Command) =>
      runWithManager(self, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        io.result(await client.call('volumes.delete', { region, id, confirm: options.confirm }), `${id} is deleted.`)
      })
    )
}
