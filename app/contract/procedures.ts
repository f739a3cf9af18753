import { z } from 'zod'
import { InstanceType, MachineImage, Region, Zone } from './catalogue.ts'
import { Network, NetworkSpec, Plan } from './network.ts'
import { procedure } from './procedure.ts'
import { Task } from './task.ts'

const all = ['gui', 'r', 'cli'] as const
const consoles = ['r', 'cli'] as const

const Nothing = z.object({})
const InRegion = z.object({ region: z.string() })
const ByName = z.object({ name: z.string().describe('Name of the network.') })

const ManagerInfo = z.object({
  version: z.string(),
  protocol: z.number().int(),
  pid: z.number().int(),
  dataDirectory: z.string(),
  secrets: z.enum(['keychain', 'memory']).describe('Where typed-in secrets are kept; "memory" when no keychain is there.'),
  practice: z.object({
    available: z.boolean(),
    backend: z.enum(['namespaces', 'processes', 'none']),
    explanation: z.string().describe('What its machines are, in one sentence.')
  })
})

/** Streams of a set: first the whole set, then each change. */
const changesOf = <T extends z.ZodType>(item: T) => z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all'), items: z.array(item) }),
  z.object({ kind: z.literal('changed'), item }),
  z.object({ kind: z.literal('removed'), id: z.string() })
])

/** The whole contract: every transport serves exactly this table through one dispatch function. */
export const procedures = {
  'manager.info': procedure('query', all, 'Version, data directory and abilities of the manager.', Nothing, ManagerInfo),
  'manager.activate': procedure('command', all, 'Ask the window of the manager, if one is open, to come to the front.', Nothing,
    z.object({ windows: z.number().int() })),
  'manager.shutdown': procedure('command', consoles, 'End the manager; networks stay as they are.', Nothing, Nothing),
  'manager.watch': procedure('stream', ['gui'], 'Requests of the manager to its windows.', Nothing,
    z.discriminatedUnion('kind', [z.object({ kind: z.literal('ready') }), z.object({ kind: z.literal('activate') })])),

  'regions.list': procedure('query', all, 'Regions that can be chosen.', Nothing, z.array(Region)),
  'regions.connect': procedure('command', all,
    'Make a region usable: an AWS region, or another EC2-compatible endpoint. Credentials stay in memory only.',
    z.object({
      region: z.string(),
      endpoint: z.url().optional(),
      profile: z.string().optional(),
      credentials: z.object({
        accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().optional()
      }).optional()
    }), Region),

  'catalogue.instanceTypes': procedure('query', all, 'Instance types offered in a region.', InRegion, z.array(InstanceType)),
  'catalogue.images': procedure('query', all, 'Machine images that can be launched in a region.', InRegion, z.array(MachineImage)),
  'catalogue.zones': procedure('query', all, 'Availability zones of a region.', InRegion, z.array(Zone)),

  'networks.list': procedure('query', all, 'All networks that are not yet gone.', Nothing, z.array(Network)),
  'networks.get': procedure('query', all, 'One network by name.', ByName, Network),
  'networks.watch': procedure('stream', ['gui', 'cli'], 'All networks, then each change. Removed ones by id.', Nothing, changesOf(Network)),
  'networks.plan': procedure('query', all, 'What a launch would create and cost, and what speaks against it. Rents nothing.',
    NetworkSpec, Plan),
  'networks.launch': procedure('command', all, 'Launch and configure a network.', NetworkSpec, Task),
  'networks.reboot': procedure('command', all, 'Reboot all instances of a network and bring its services up again.', ByName, Task),
  'networks.repair': procedure('command', all, 'Configure the nodes of a network again, after a failed or interrupted launch.', ByName, Task),
  'networks.terminate': procedure('command', all, 'Terminate a network and remove everything that was created for it.', ByName, Task),
  'networks.exec': procedure('command', consoles, 'Run a shell command on one node over ssh.',
    z.object({ name: z.string(), instance: z.string().optional().describe('Instance id; the master by default.'), command: z.string() }),
    z.object({ stdout: z.string(), stderr: z.string(), exitCode: z.number().int() })),

  'tasks.list': procedure('query', all, 'Tasks at work and lately ended.', Nothing, z.array(Task)),
  'tasks.get': procedure('query', all, 'One task by id.', z.object({ id: z.string() }), Task),
  'tasks.watch': procedure('stream', all, 'All tasks, then each change.', Nothing, changesOf(Task)),
  'tasks.cancel': procedure('command', all, 'Cancel a task; it ends at its next safe point and rolls back what it rented.',
    z.object({ id: z.string() }), Task),

  'evaluator.connect': procedure('command', ['r'], 'Open a forward to the remote evaluator of a running network.', ByName,
    z.object({ host: z.string(), port: z.number().int(), secret: z.string(), user: z.string(), master: z.string() })),
  'evaluator.disconnect': procedure('command', ['r'], 'Close the forward to the remote evaluator.', ByName, Nothing),
  'evaluator.eval': procedure('command', ['gui', 'cli'], 'Evaluate R source text on the master and return what it prints.',
    z.object({ name: z.string(), expression: z.string(), timeoutMs: z.number().int().positive().optional() }),
    z.object({
      output: z.string().describe('What was printed while it ran, standard output and messages in order.'),
      value: z.string().describe('The value as R prints it; empty when invisible.'),
      visible: z.boolean()
    })),

  'ide.open': procedure('command', all, 'Open a forward to the web IDE of the master; the URL is good on this computer only.', ByName,
    z.object({
      url: z.string(),
      kind: z.enum(['rstudio', 'jupyter']),
      port: z.number().int(),
      signIn: z.object({ user: z.string(), password: z.string() }).optional()
        .describe('What to type at the sign-in page of an IDE whose URL alone does not sign in (RStudio Server).')
    })),
  'ide.close': procedure('command', all, 'Close the forward to the web IDE.', ByName, Nothing)
} as const

export type Procedures = typeof procedures
export type Method = keyof Procedures
export type MethodOf<K extends 'query' | 'command' | 'stream'> = {
  [M in Method]: Procedures[M]['kind'] extends K ? M : never
}[Method]

/** What a caller passes, before parsing. */
export type Input<M extends Method> = z.input<Procedures[M]['input']>
/** What a caller gets: the result, or for a stream one event. */
export type Output<M extends Method> = z.output<Procedures[M]['output']>
