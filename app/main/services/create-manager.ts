import { PROTOCOL_VERSION } from '../../contract/index.ts'
import type { Cancellation } from '../core/cancellation.ts'
import { RmadaError } from '../core/error.ts'
import type { Handlers } from '../core/handlers.ts'
import { OwnImages } from './images/own-images.ts'
import { ImageSaver } from './images/save-image.ts'
import { KeyRing } from './keys/key-ring.ts'
import type { Workshop } from './launch/work.ts'
import type { Manager, ManagerPorts } from './manager.ts'
import { AddressKeeper } from './networks/address-keeper.ts'
import { NetworkCommands } from './networks/commands.ts'
import { Fleet } from './networks/fleet.ts'
import { takeOver } from './networks/take-over.ts'
import { reconcile } from './networks/reconcile.ts'
import { Orphans } from './networks/orphans.ts'
import type { KnownNetwork } from './networks/registry.ts'
import { ServiceKeeper } from './networks/service-keeper.ts'
import { Preflight } from './preflight/preflight.ts'
import { Connections } from './reach/connections.ts'
import { execOnNode } from './reach/exec.ts'
import { Forwards } from './reach/forwards.ts'
import { NetworkServices } from './reach/services-of-network.ts'
import { Catalogue } from './regions/catalogue.ts'
import { regionHandlers } from './regions/handlers.ts'
import { Regions } from './regions/regions.ts'
import { Tasks } from './tasks/tasks.ts'
import { Volumes } from './volumes/volumes.ts'
import { Windows } from './windows.ts'

/** The manager: every procedure of the contract over the ports, whatever carries the calls. */
export function createManager(ports: ManagerPorts): Manager {
  const regions = new Regions(ports)
  const catalogue = new Catalogue(ports, regions)
  const fleet = new Fleet(ports, regions, catalogue)
  const tasks = new Tasks(ports)
  const keys = new KeyRing(ports)
  const connections = new Connections(ports, keys)
  const forwards = new Forwards()
  const windows = new Windows()
  const workshop: Workshop = { ports, fleet, connections, forwards }
  const commands = new NetworkCommands(workshop, tasks, regions, catalogue, new Preflight({ ...ports, keys }))
  const orphans = new Orphans(workshop, tasks, catalogue)
  const keeper = new ServiceKeeper(workshop, id => commands.repairById(id))
  const addresses = new AddressKeeper(workshop)
  connections.onUnreachable = () => addresses.check(true)
  fleet.onSeen = () => keeper.consider()

  const known = async (name: string): Promise<KnownNetwork> => {
    await keeper.settled(fleet.registry.byName(name).id)
    return fleet.registry.byName(name)
  }
  const running = async (name: string): Promise<KnownNetwork> => {
    const network = await known(name)
    const view = fleet.registry.view(network.id)
    if (view?.status === 'running') return network
    throw new RmadaError('NETWORK_NOT_RUNNING',
      `The network ${name} is not running but ${view?.status}. ${view?.message ?? ''}`.trim(), {
      suggestion: 'Wait until it runs, or repair it.'
    })
  }
  const services = new NetworkServices(workshop, running)
  const ownImages = new OwnImages(regions, catalogue)
  const saver = new ImageSaver(workshop, tasks, catalogue)
  const shutdown = Promise.withResolvers<void>()

  const handlers: Handlers = {
    'manager.info': async () => ({
      version: ports.version, protocol: PROTOCOL_VERSION, pid: process.pid, dataDirectory: ports.dataDirectory,
      secrets: ports.secrets.kind,
      practice: {
        available: ports.practice.available, backend: ports.practice.backend, explanation: ports.practice.explanation
      }
    }),
    'manager.activate': async () => ({ windows: windows.activate() }),
    'manager.shutdown': async () => { shutdown.resolve(); return {} },
    'keys.unlock': async ({ file, passphrase, remember }) => {
      await keys.unlock(file, passphrase, remember ?? false)
      return {}
    },
    'manager.watch': (_input, { signal }) => windows.watch(signal),

    ...regionHandlers(ports, regions, catalogue, fleet),

    'catalogue.instanceTypes': async query => catalogue.chosenTypes(query),
    'catalogue.age': async ({ region }) => catalogue.age(region),
    'catalogue.spotHistory': async ({ region, instanceType, days }) => catalogue.spotHistory(region, instanceType, days),
    'catalogue.images': async input => catalogue.imagesFor(input),
    'catalogue.zones': async ({ region }) => [...await catalogue.zones(region)],

    'networks.list': async () => fleet.registry.views(),
    'networks.get': async ({ name }) => {
      const network = fleet.registry.view(fleet.registry.byName(name).id)
      if (network) return network
      throw new Error(`A network without a view: ${name}`)
    },
    'networks.watch': (_input, { signal }) => fleet.registry.watch(signal),
    'networks.plan': async spec => commands.plan(spec),
    'networks.launch': async spec => {
      const task = await commands.launch(spec)
      ports.settings.write({ lastRegion: spec.region })
      return task
    },
    'networks.reboot': async ({ name, onFailure }) => {
      await known(name)
      return commands.command('reboot', name, onFailure)
    },
    'networks.repair': async ({ name, onFailure }) => {
      await known(name)
      return commands.command('repair', name, onFailure)
    },
    'networks.stop': async ({ name }) => { await known(name); return commands.command('stop', name) },
    'networks.start': async ({ name, onFailure }) => { await known(name); return commands.command('start', name, onFailure) },
    'networks.addNodes': async ({ name, count, onFailure }) => { await known(name); return commands.addNodes(name, count, onFailure) },
    'networks.removeNodes': async ({ name, instances, onFailure }) => {
      await known(name)
      return commands.removeNodes(name, instances, onFailure)
    },
    'networks.takeOver': async ({ name, privateKeyFile }) => {
      const network = fleet.registry.byName(name)
      await takeOver(workshop, keys, network, privateKeyFile)
      return commands.repairById(network.id)
    },
    'networks.rebootInstances': async ({ name, instances, onFailure }) => {
      await known(name)
      return commands.command('reboot', name, onFailure, instances)
    },
    'networks.terminate': async ({ name }) => commands.command('terminate', name),
    'networks.exec': async (input, { signal }) => {
      const network = await known(input.name)
      return execOnNode(workshop, network, input, abortSignal(signal))
    },

    ...new Volumes(workshop, catalogue).handlers,

    'images.list': async ({ region }) => ownImages.list(region),
    'images.save': async input => saver.save(await running(input.network), input),
    'images.deregister': async input => ownImages.deregister(input),

    'orphans.list': async ({ region }) => orphans.list(region),
    'orphans.remove': async ({ region, ids }) => orphans.remove(region, ids),

    'tasks.list': async () => tasks.list(),
    'tasks.get': async ({ id }) => tasks.get(id),
    'tasks.watch': (_input, { signal }) => tasks.watch(signal),
    'tasks.log': async ({ id, lines }) => tasks.log(id, lines),
    'tasks.followLog': ({ id }, { signal }) => tasks.followLog(id, signal),
    'tasks.cancel': async ({ id }) => tasks.cancel(id),
    'tasks.choose': async ({ id, choice, zone, question }) => tasks.choose(id, { choice, zone }, question),

    'evaluator.connect': async ({ name }) => services.connectEvaluator(name),
    'evaluator.disconnect': async ({ name }) => { await services.disconnectEvaluator(name); return {} },
    'evaluator.eval': async ({ name, expression, timeoutMs }, { signal }) => services.evaluate(name, expression, {
      signal: abortSignal(signal), ...(timeoutMs === undefined ? {} : { timeoutMs })
    }),

    'ide.open': async ({ name }) => services.openIde(name),
    'ide.close': async ({ name }) => { await services.closeIde(name); return {} }
  }

  return {
    handlers,
    shutdownRequested: shutdown.promise,
    async start() {
      await reconcile(workshop, regions)
      keeper.consider()
      addresses.start()
    },
    async stop() {
      await tasks.halt()
      addresses.stop()
      await keeper.stop()
      fleet.stop()
      windows.close()
      await forwards.closeAll()
      await connections.closeAll()
      await ports.practice.stop()
    }
  }
}

/** The signals of calls are core's own kind; what Node's parts want is made from them. */
function abortSignal(cancellation: Cancellation): AbortSignal {
  if (cancellation instanceof AbortSignal) return cancellation
  const controller = new AbortController()
  if (cancellation.aborted) controller.abort()
  else cancellation.addEventListener('abort', () => controller.abort(), { once: true })
  return controller.signal
}
