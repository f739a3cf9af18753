import type { Command } from 'commander'
import { createInterface } from 'node:readline/promises'
import type { ImageContents } from '../../../../contract/index.ts'
import { RmadaError } from '../../../core/error.ts'
import { followTask } from '../follow-task.ts'
import { connectRegion, withRegionOptions } from '../region.ts'
import type { RegionOptions } from '../region.ts'
import { runWithManager } from '../run-command.ts'
import { table } from '../table.ts'

interface ListOptions extends RegionOptions { readonly type?: string; readonly image?: string }
interface SaveOptions extends RegionOptions { readonly description?: string; readonly wait?: boolean }
interface DeregisterOptions extends RegionOptions { readonly yes?: boolean }

/** What an image carries, in few words. */
function carried(contents: ImageContents | null | undefined): string {
  if (!contents) return '-'
  const parts = [['R', contents.r], ['Open MPI', contents.openMpi], ['RStudio', contents.rstudio], ['evaluator', contents.evaluator]]
  return parts.flatMap(([name, version]) => (version ? [`${name} ${version}`] : [])).join(', ') || '-'
}

/** Commands on images that can be launched, and on those that were made here. */
export function addImageCommands(program: Command): void {
  withRegionOptions(program.command('images').description('machine images of a region'))
    .option('--type <type>', 'say which of them boot on this instance type, and why the others do not')
    .option('--image <id>', 'look up this image besides, whoever published it')
    .action(async (options: ListOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        const images = await client.call('catalogue.images', {
          region, ...(options.type ? { instanceType: options.type } : {}), ...(options.image ? { image: options.image } : {})
        })
        io.result(images, table(
          ['IMAGE', 'ARCHITECTURE', 'USER', 'CARRIES', 'NAME', ...(options.type ? [`ON ${options.type}`] : [])],
          images.map((image) => [image.id, image.architecture, image.user, carried(image.carries), image.name,
            ...(options.type ? [image.unfit ?? 'fits'] : [])])
        ))
      }))

  const image = program.command('image').description('images of the own account: save, list, deregister')
  withRegionOptions(image.command('save <network> <name>').description('make an image of the master of a running network'))
    .option('--description <text>', 'up to 255 characters')
    .option('--wait', 'wait until it is available, with progress on standard error')
    .action(async (network: string, name: string, options: SaveOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        await connectRegion(client, options, io.environment)
        const task = await client.call('images.save', {
          network, name, ...(options.description === undefined ? {} : { description: options.description })
        })
        if (!options.wait) return io.result(task, `Saving ${network} as ${name}. Follow it with: rmada tasks`)
        io.result(await followTask(client, task, io.note), `The image ${name} can be launched.`)
      }))
  withRegionOptions(image.command('list').description('images of the own account, those that Rmada made first'))
    .action(async (options: RegionOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        const images = await client.call('images.list', { region: await connectRegion(client, options, io.environment) })
        io.result(images, table(
          ['IMAGE', 'STATE', 'MADE', 'OF', 'GIB', 'USD A MONTH', 'CARRIES', 'NAME'],
          images.map((one) => [one.id, one.state, one.createdAt?.slice(0, 16).replace('T', ' ') ?? '-', one.network ?? '-',
            one.snapshots.reduce((sum, snapshot) => sum + snapshot.sizeGib, 0), one.pricePerMonth, carried(one.carries),
            one.name])
        ))
      }))
  withRegionOptions(image.command('deregister <id>').description('remove an image that Rmada made, with its snapshots'))
    .option('--yes', 'do not ask')
    .action(async (id: string, options: DeregisterOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        const region = await connectRegion(client, options, io.environment)
        const confirm = options.yes ? id : await typedName(id, io.isTerminal)
        const gone = await client.call('images.deregister', { region, id, confirm })
        const kept = gone.keptSnapshots.length > 0 ? ` Kept: ${gone.keptSnapshots.join(', ')}.` : ''
        io.result(gone, `${id} is gone, with ${gone.deletedSnapshots.join(', ') || 'no snapshot'}.${kept}`)
      }))
}

/** Deregistering needs `--yes`, or somebody at the terminal who types the name. */
async function typedName(id: string, isTerminal: boolean): Promise<string> {
  if (!isTerminal) {
    throw new RmadaError('CONFIRMATION_MISSING', `Deregistering ${id} was not confirmed.`, {
      suggestion: 'Add --yes, or type the name of the image when asked.'
    })
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const typed = await terminal.question(`This removes ${id} and its snapshots. Type its name or id to go on: `)
  terminal.close()
  return typed.trim()
}
