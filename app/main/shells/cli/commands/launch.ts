import type { Command } from 'commander'
import type { Input, OnFailure } from '../../../../contract/index.ts'
import { RmadaError } from '../../../core/error.ts'
import type { ErrorCode } from '../../../../contract/index.ts'
import { followTask } from '../follow-task.ts'
import { launchOptionsFrom, withLaunchOptions } from '../launch-options.ts'
import type { LaunchOptionTexts } from '../launch-options.ts'
import { onFailureOption } from '../on-failure.ts'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'
import { networkText, planText } from '../texts.ts'

interface SpecOptions extends RegionOptions, LaunchOptionTexts {
  readonly name?: string
  readonly instances?: string
  readonly type?: string
  readonly image?: string
  readonly zone?: string
  readonly slots?: string
  readonly placementGroup?: boolean
  readonly packages?: readonly string[]
  readonly volume?: string
  readonly volumeGib?: string
  readonly volumeType?: string
  readonly deleteVolume?: boolean
}

function withSpecOptions(command: Command): Command {
  return withRegionOptions(withLaunchOptions(
    command
      .option('--name <name>', 'name of the network; a unique one by default')
      .option('--instances <n>', 'number of instances, master included; 2 by default')
      .option('--type <type>', 'EC2 instance type')
      .option('--image <id>', 'machine image; the newest that fits by default')
      .option('--zone <zone>', 'availability zone; any by default')
      .option('--slots <n>', 'MPI slots of each host; its cores by default')
      .option('--placement-group', 'cluster placement group; by default where the type can')
      .option('--no-placement-group', 'no placement group')
      .option('--volume <id>', 'an existing EBS volume to see at /shared on all nodes; forces its zone')
      .option('--volume-gib <n>', 'make a new volume of this size with the network, seen at /shared')
      .option('--volume-type <kind>', 'kind of the new volume: gp3 by default')
      .option('--delete-volume', 'delete the new volume with the network; kept by default')
      .option('--packages <names...>', 'R packages to have on every node, apart by spaces or commas')
  ))
}

function numberFrom(option: string, text: string, code: ErrorCode): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new RmadaError(code, `${option} must be a whole number, not: ${text}`, {
    suggestion: `Give a number, for example ${option} 3`
  })
}

/** Ranges are for the plan to judge; here only what is no number at all is refused. */
function specFrom(options: SpecOptions, region: string): Input<'networks.plan'> {
  return {
    region,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.instances === undefined
      ? {}
      : { instances: numberFrom('--instances', options.instances, 'COUNT_INVALID') }),
    ...(options.type === undefined ? {} : { instanceType: options.type }),
    ...(options.image === undefined ? {} : { image: options.image }),
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    ...(options.slots === undefined ? {} : { slotsPerHost: numberFrom('--slots', options.slots, 'SLOTS_INVALID') }),
    ...(options.placementGroup === undefined ? {} : { placementGroup: options.placementGroup }),
    ...launchOptionsFrom(options),
    ...volumeFrom(options),
    ...(options.packages === undefined ? {} : { packages: options.packages.flatMap((names) => names.split(',')) })
  }
}

function volumeFrom(options: SpecOptions): Pick<Input<'networks.plan'>, 'volume'> {
  const { volume, volumeGib, volumeType, deleteVolume } = options
  const about = volumeGib !== undefined || volumeType !== undefined || deleteVolume !== undefined
  if (volume !== undefined && about) {
    throw new RmadaError('VOLUME_INVALID', '--volume names an existing volume, and the other options a new one.', {
      suggestion: 'Give either --volume, or --volume-gib.'
    })
  }
  if (volume !== undefined) return { volume: { id: volume } }
  if (!about) return {}
  if (volumeGib === undefined) {
    throw new RmadaError('VOLUME_INVALID', 'The size of the new volume is missing.', { suggestion: 'Give it, for example --volume-gib 20' })
  }
  return {
    volume: {
      new: {
        sizeGib: numberFrom('--volume-gib', volumeGib, 'VOLUME_INVALID'),
        ...(volumeType === undefined ? {} : { type: volumeType }),
        ...(deleteVolume === undefined ? {} : { deleteWithNetwork: deleteVolume })
      }
    }
  }
}

export function addLaunchCommands(program: Command): void {
  withSpecOptions(program.command('launch').description('launch a network'))
    .option('--wait', 'wait until it is running, with progress on standard error')
    .addOption(onFailureOption())
    .action(async (options: SpecOptions & { wait?: boolean; onFailure: OnFailure }, command: Command) =>
      runWithManager(command, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        const task = await client.call('networks.launch', {
          ...specFrom(options, region), onFailure: options.onFailure
        })
        if (!options.wait)
          return io.result(task, `Launching ${task.network}. Follow it with: rmada status ${task.network}`)
        await followTask(client, task, io.note)
        const network = await client.call('networks.get', { name: task.network })
        io.result(network, networkText(network))
      })
    )
  withSpecOptions(
    program.command('plan').description('show what a launch would create and cost; rents nothing')
  ).action(async (options: SpecOptions, command: Command) =>
    runWithManager(command, async (io, client) => {
      const region = await connectRegion(client, options, io.environment)
      const plan = await client.call('networks.plan', specFrom(options, region))
      io.result(plan, planText(plan))
    })
  )
}
