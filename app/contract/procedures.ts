import { z } from 'zod'
import { AccountChoice, Accounts, ConnectionSettings, Identity, Permissions, StoredKey } from './account.ts'
import { CatalogueAge, InstanceType, MachineImage, Region, SpotHistory, TypeQuery, Zone } from './catalogue.ts'
import { Choice, OnFailure } from './choice.ts'
import { DeregisteredImage, DeregisterImage, OwnImage, SaveImage } from './image.ts'
import { Network, NetworkSpec, Plan } from './network.ts'
import { Orphans } from './orphan.ts'
import { procedure } from './procedure.ts'
import { Task, TaskLog, TaskLogLine } from './task.ts'
import {
  AttachVolume, DeleteVolume, MountedVolume, MountVolume, NewVolume, SnapshotVolume, UseVolume, Volume, VolumeSnapshot
} from './volume.ts'

const all = ['gui', 'r', 'cli'] as const
const consoles = ['r', 'cli'] as const

const Nothing = z.object({})
const InRegion = z.object({ region: z.string() })
const ByName = z.object({ name: z.string().describe('Name of the network.') })
const Configuring = ByName.extend({ onFailure: OnFailure.optional().describe('What it does when it meets trouble; "stop" by default.') })

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
      endpoint: z.string().optional(),
      profile: z.string().optional(),
      key: z.string().optional().describe('Name of an access key that accounts.storeKey keeps.'),
      remember: z.boolean().optional().describe('Offer the region again after a restart; never with credentials.'),
      credentials: z.object({
        accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().optional()
      }).optional()
    }), Region),

  'regions.identify': procedure('query', all,
    'Whose credentials a region is reached with (sts:GetCallerIdentity). Rents nothing.', InRegion, Identity),
  'regions.permissions': procedure('query', all,
    'Which actions of a launch the credentials may do, by trial calls (DryRun) that change nothing.', InRegion, Permissions),
  'regions.forget': procedure('command', all, 'Forget a custom region that was remembered.', InRegion, Nothing),

  'accounts.list': procedure('query', all, 'The ways to reach AWS that this computer has; never a secret.', Nothing, Accounts),
  'accounts.use': procedure('command', all,
    'Reach AWS by a profile, a stored key, or (both null) by the search of the SDK: environment, profile, instance role.',
    AccountChoice, Accounts),
  'accounts.storeKey': procedure('command', all,
    'Keep an access key in the keychain, or in memory where there is none. Nothing ever gives it out again.',
    z.object({
      name: z.string(), accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().optional()
    }), StoredKey),
  'accounts.deleteKey': procedure('command', all, 'Delete a stored access key.', z.object({ name: z.string() }), Nothing),
  'connection.get': procedure('query', all, 'Proxy, time limits and retries of calls to AWS.', Nothing, ConnectionSettings),
  'connection.set': procedure('command', all,
    'Change proxy, time limits and retries; what is left out stays. The password goes to the keychain.',
    z.object({
      proxy: z.object({
        host: z.string(), port: z.number(), user: z.string().nullable().optional(),
        password: z.string().optional().describe('Left out: the one that is kept.')
      }).nullable().optional(),
      connectSeconds: z.number().optional(),
      answerSeconds: z.number().optional(),
      retries: z.number().optional()
    }), ConnectionSettings),

  'keys.unlock': procedure('command', all,
    'Open an encrypted private key file of the user for this run of the manager. The passphrase stays in its memory.',
    z.object({
      file: z.string(), passphrase: z.string(),
      remember: z.boolean().optional().describe('Keep the passphrase in the keychain; false by default.')
    }), Nothing),

  'catalogue.instanceTypes': procedure('query', all,
    'Instance types offered in a region with their prices: all of them, or those that fit, those for MPI first.',
    TypeQuery, z.array(InstanceType)),
  'catalogue.age': procedure('query', all,
    'From when what is known of a region\'s instance types and prices is, and where the prices come from.', InRegion, CatalogueAge),
  'catalogue.spotHistory': procedure('query', all, 'Spot price of a type now in each zone, and its range over the days before.',
    InRegion.extend({
      instanceType: z.string(),
      days: z.number().int().min(1).max(90).optional().describe('7 by default.')
    }), SpotHistory),
  'catalogue.images': procedure('query', all,
    'Machine images that can be launched in a region: the published ones that Rmada can configure, then the own ones.',
    InRegion.extend({
      instanceType: z.string().optional().describe('Each image then says in `unfit` why it does not boot on this type, or null.'),
      image: z.string().optional().describe('An image id to look up besides, whoever published it.')
    }), z.array(MachineImage)),
  'catalogue.zones': procedure('query', all, 'Availability zones of a region.', InRegion, z.array(Zone)),

  'networks.list': procedure('query', all, 'All networks that are not yet gone.', Nothing, z.array(Network)),
  'networks.get': procedure('query', all, 'One network by name.', ByName, Network),
  'networks.watch': procedure('stream', ['gui', 'cli'], 'All networks, then each change. Removed ones by id.', Nothing, changesOf(Network)),
  'networks.plan': procedure('query', all, 'What a launch would create and cost, and what speaks against it. Rents nothing.',
    NetworkSpec, Plan),
  'networks.launch': procedure('command', all, 'Launch and configure a network.', NetworkSpec, Task),
  'networks.reboot': procedure('command', all, 'Reboot all instances of a network and bring its services up again.', Configuring, Task),
  'networks.repair': procedure('command', all, 'Configure the nodes of a network again, after a failed or interrupted launch.', Configuring, Task),
  'networks.terminate': procedure('command', all, 'Terminate a network and remove everything that was created for it.', ByName, Task),
  'networks.stop': procedure('command', all,
    'Stop all instances of a network; their disks stay and are billed, the instances are not.', ByName, Task),
  'networks.start': procedure('command', all,
    'Start the instances of a stopped network and bring it up again at its new addresses.', Configuring, Task),
  'networks.addNodes': procedure('command', all, 'Rent more nodes for a running network and make them part of it.',
    Configuring.extend({ count: z.number().describe('How many.') }), Task),
  'networks.removeNodes': procedure('command', all,
    'Terminate single nodes of a network for good; the others go on without them. The master is never removed.',
    Configuring.extend({ instances: z.array(z.string()).describe('Instance ids.') }), Task),
  'networks.takeOver': procedure('command', all,
    'Make a network that another computer launched usable here, with the private half of its key pair.',
    ByName.extend({ privateKeyFile: z.string().describe('File on the manager\'s computer, or "ssh-agent".') }), Task),
  'networks.rebootInstances': procedure('command', all, 'Reboot single nodes of a network, or all, and check it afterwards.',
    Configuring.extend({ instances: z.array(z.string()).optional().describe('Instance ids; all by default.') }), Task),
  'networks.exec': procedure('command', consoles, 'Run a shell command on one node over ssh.',
    z.object({ name: z.string(), instance: z.string().optional().describe('Instance id; the master by default.'), command: z.string() }),
    z.object({ stdout: z.string(), stderr: z.string(), exitCode: z.number().int() })),

  'images.list': procedure('query', all, 'Images of the own account in a region, those that Rmada made first.', InRegion, z.array(OwnImage)),
  'images.save': procedure('command', all,
    'Make a machine image of a running network\'s master, so that the next launch finds everything installed.', SaveImage, Task),
  'images.deregister': procedure('command', all, 'Deregister an image that Rmada made, and delete its snapshots.',
    DeregisterImage, DeregisteredImage),

  'orphans.list': procedure('query', all,
    'Everything in a region with Rmada\'s tags that no network of this computer accounts for, with what it costs.',
    InRegion, Orphans),
  'orphans.remove': procedure('command', all, 'Remove exactly these; what runs may be another computer\'s network at work.',
    InRegion.extend({
      ids: z.array(z.string()),
      confirm: z.literal(true).describe('Removing cannot be undone.')
    }), Task),

  'volumes.list': procedure('query', all, 'EBS volumes of a region: where they are attached and mounted, and what they cost.', InRegion,
    z.array(Volume)),
  'volumes.create': procedure('command', all, 'Make an encrypted EBS volume; resolves when it is available.', NewVolume, Volume),
  'volumes.attach': procedure('command', all, 'Attach a volume to an instance of a network.', AttachVolume, Volume),
  'volumes.mount': procedure('command', all,
    'Mount an attached volume on its node, and share it with the others from the master. Formats it only when it is blank.',
    MountVolume, MountedVolume),
  'volumes.unmount': procedure('command', all, 'Unmount a volume on all nodes.', UseVolume, Volume),
  'volumes.detach': procedure('command', all, 'Unmount a volume and detach it from its instance.', UseVolume, Volume),
  'volumes.snapshot': procedure('command', all, 'Begin a snapshot of a volume.', SnapshotVolume, VolumeSnapshot),
  'volumes.delete': procedure('command', all, 'Delete a volume for good; its id must be given twice.', DeleteVolume, Nothing),

  'tasks.list': procedure('query', all, 'Tasks at work and lately ended.', Nothing, z.array(Task)),
  'tasks.get': procedure('query', all, 'One task by id.', z.object({ id: z.string() }), Task),
  'tasks.watch': procedure('stream', all, 'All tasks, then each change.', Nothing, changesOf(Task)),
  'tasks.cancel': procedure('command', all, 'Cancel a task; it ends at its next safe point and rolls back what it rented.',
    z.object({ id: z.string() }), Task),

  'tasks.choose': procedure('command', all, 'Answer the question of a paused task with one of its choices.',
    z.object({
      id: z.string(),
      choice: Choice,
      zone: z.string().optional().describe('For other-zone: one of the zones of the question; the first by default.'),
      question: z.string().optional().describe('Id of the question that is meant; the one that is asked now by default.')
    }), Task),
  'tasks.log': procedure('query', all, 'The last lines that a task printed on its nodes, and the file that has them all.',
    z.object({ id: z.string(), lines: z.number().int().min(1).max(1000).optional().describe('How many at most; 200 by default.') }),
    TaskLog),
  'tasks.followLog': procedure('stream', ['gui', 'cli'], 'What a task has printed, then each new piece; ends with the task.',
    z.object({ id: z.string() }), z.object({ lines: z.array(TaskLogLine), dropped: z.number().int() })),

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
