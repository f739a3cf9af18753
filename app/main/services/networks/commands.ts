import type { ErrorCode, Finding, Input, OnFailure, Plan, Task } from '../../../contract/index.ts'
import { errorCodes } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Command, Decision } from '../../core/lifecycle.ts'
import { sameName } from '../../core/network-name.ts'
import { makePlan, withFindings } from '../../core/plan.ts'
import type { NetworkRecord } from '../../core/ports/index.ts'
import { wantedKinds } from '../../core/resources.ts'
import type { VolumeKnowledge } from '../../core/volume-rules.ts'
import { runCommand } from '../launch/run.ts'
import { stepsOf } from '../launch/steps.ts'
import type { Workshop } from '../launch/work.ts'
import { recordOf } from '../reach/connections.ts'
import type { Preflight } from '../preflight/preflight.ts'
import type { Catalogue } from '../regions/catalogue.ts'
import type { OpenRegion, Regions } from '../regions/regions.ts'
import type { Tasks } from '../tasks/tasks.ts'
import { mustBeStopped, mustHaveRun, mustStop, namedNodes, nodesToAdd, nodesToRemove } from './node-choice.ts'
import type { KnownNetwork } from './registry.ts'
import { given } from '../../core/given.ts'

type Spec = Input<'networks.plan'>

const titles: Readonly<Record<Command, string>> = {
  launch: 'Launch', repair: 'Repair', reboot: 'Reboot', stop: 'Stop', start: 'Start', 'add-nodes': 'Add nodes to',
  'remove-nodes': 'Remove nodes from', terminate: 'Terminate'
}

/** The commands on networks: each is looked at first, and then runs as a task. */
export class NetworkCommands {
  readonly #workshop: Workshop
  readonly #tasks: Tasks
  readonly #regions: Regions
  readonly #catalogue: Catalogue
  readonly #preflight: Preflight

  constructor(workshop: Workshop, tasks: Tasks, regions: Regions, catalogue: Catalogue, preflight: Preflight) {
    this.#workshop = workshop
    this.#tasks = tasks
    this.#regions = regions
    this.#catalogue = catalogue
    this.#preflight = preflight
  }

  /** What a launch would create and cost; rents nothing. Networks that other computers launched there count too. */
  async plan(spec: Spec): Promise<Plan> {
    const { registry } = this.#workshop.fleet
    const watch = await this.#workshop.fleet.attend(spec.region)
    const [knowledge] = await Promise.all([
      this.#catalogue.knowledge(spec.region, spec.image, []), watch.look(5000)
    ])
    const plan = makePlan(spec, {
      ...knowledge, namesInUse: registry.namesInUse(), volume: await this.#volumeKnowledge(spec, watch.region)
    })
    if (plan.spec === null) return plan
    const region = await this.#regions.open(spec.region)
    return withFindings(plan, await this.#preflight.findings(plan.spec, region, knowledge.types))
  }

  async #volumeKnowledge(spec: Spec, region: OpenRegion): Promise<VolumeKnowledge | undefined> {
    if (spec.volume === undefined) return undefined
    const { backend } = this.#workshop.ports.practice
    return {
      volume: 'id' in spec.volume ? await region.cloud.volume(spec.volume.id) : null,
      sharedBy: region.kind !== 'practice' ? 'nfs' : backend === 'processes' ? 'folder' : 'sshfs'
    }
  }

  async launch(spec: Spec): Promise<Task> {
    const { registry } = this.#workshop.fleet
    const plan = await this.plan(spec)
    const fault = plan.findings.find(finding => finding.level === 'error')
    if (fault) throw asError(fault)
    const resolved = plan.spec
    if (resolved === null) throw new Error('A plan without faults has a spec')
    const price = await this.#catalogue.price(resolved.instanceType, await this.#regions.open(resolved.region))
    // Another launch may have taken the name while the plan was made; from here to `put` nothing is awaited.
    if (registry.namesInUse().some(name => sameName(name, resolved.name))) {
      throw new RmadaError('NETWORK_NAME_IN_USE', `There is already a network of this name: ${resolved.name}`, {
        suggestion: 'Choose another name, or terminate that network first.'
      })
    }
    const record = this.#newRecord(resolved)
    registry.put({
      id: record.id, region: resolved.region, record, instances: [], sshPortByTag: false,
      price, keyHere: given(resolved.keyPair), activity: null, taskId: null, servicesUp: null, failure: null, unseen: null
    })
    return this.#start('launch', record.id, spec.onFailure)
  }

  /** Reboot and repair need this computer's key; terminate needs nothing but the tags. */
  async command(
    command: 'repair' | 'reboot' | 'terminate' | 'stop' | 'start', name: string, onFailure?: OnFailure, only?: readonly string[]
  ): Promise<Task> {
    const network = this.#workshop.fleet.registry.byName(name)
    if (command !== 'terminate') this.#mustStay(network)
    if (command === 'reboot') mustHaveRun(network, 'rebooted')
    if (command === 'stop') mustStop(network)
    if (command === 'start') mustBeStopped(network)
    if (only) namedNodes(network, only)
    return this.#start(command, network.id, onFailure, { only })
  }

  /** Rents nodes where the others are. */
  addNodes(name: string, count: number, onFailure?: OnFailure): Task {
    const network = this.#workshop.fleet.registry.byName(name)
    this.#mustStay(network)
    const decision = nodesToAdd(network, count)
    return this.#start('add-nodes', network.id, onFailure, { decision })
  }

  /** Gives back exactly the nodes that are named. */
  removeNodes(name: string, ids: readonly string[], onFailure?: OnFailure): Task {
    const network = this.#workshop.fleet.registry.byName(name)
    this.#mustStay(network)
    const decision = nodesToRemove(network, ids)
    return this.#start('remove-nodes', network.id, onFailure, { decision })
  }

  /** Repairs without having been asked: machines came up with other addresses. */
  repairById(id: string): Task {
    return this.#start('repair', id)
  }

  #start(
    command: Command, id: string, onFailure?: OnFailure,
    { only, decision }: { only?: readonly string[] | undefined; decision?: Decision } = {}
  ): Task {
    const { fleet } = this.#workshop
    const taskId = this.#tasks.newId()
    fleet.registry.claim(id, command, taskId)
    const network = fleet.registry.find(id)
    const name = fleet.registry.view(id)?.name ?? id
    const kinds = network?.record ? wantedKinds(network.record.spec) : []
    return this.#tasks.run(taskId, {
      kind: command, network: name, title: `${titles[command]} ${name}`, steps: stepsOf(command, kinds, network?.record?.spec.volume !== undefined),
      cancellable: command === 'launch' || command === 'repair'
    }, async (progress, signal) => {
      try {
        const watch = await fleet.attend(network?.region ?? '')
        fleet.registry.change(id, { sshPortByTag: watch.region.cloud.sshPortByTag })
        const offeredZones = (type: string) => this.#offeredZones(watch.region.id, type)
        const adding = decision?.later === undefined ? undefined : { count: 0 }
        await runCommand({
          ...this.#workshop, networkId: id, watch, progress, signal, onFailure, offeredZones, only, adding
        }, command, decision)
      } finally {
        fleet.registry.change(id, { activity: null })
      }
    })
  }

  async #offeredZones(region: string, type: string): Promise<readonly string[]> {
    const types = await this.#catalogue.types(region)
    return types.find(one => one.name === type)?.zones ?? []
  }

  #newRecord(spec: NetworkRecord['spec']): NetworkRecord {
    const { clock, randomHex } = this.#workshop.ports
    const id = randomHex(8)
    const access = this.#regions.remembered(spec.region)
    return {
      id, spec, createdAt: clock.now().toISOString(), clientToken: `rmada-${id}`, hostKeys: {}, configured: false,
      failure: null, terminating: false, ...(access ? { access } : {})
    }
  }

  /** What is half removed cannot be brought back; what another computer launched has its key there. */
  #mustStay(network: KnownNetwork): void {
    const { spec, terminating } = recordOf(network)
    if (!terminating) return
    throw new RmadaError('NETWORK_NOT_RUNNING', `The network is being terminated: ${spec.name}`, {
      suggestion: 'Terminate it again to remove what is left.'
    })
  }
}

/** The first fault of a plan as an error: all errors of a plan have codes of the contract. */
function asError(finding: Finding): RmadaError {
  const code = Object.hasOwn(errorCodes, finding.code) ? finding.code as ErrorCode : 'INVALID_INPUT'
  return new RmadaError(code, finding.message, {
    suggestion: finding.suggestion, ...(finding.field ? { details: { field: finding.field } } : {})
  })
}
