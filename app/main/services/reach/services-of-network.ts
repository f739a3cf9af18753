import type { Output } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Forward, SshConnection } from '../../core/ports/index.ts'
import { startEvaluator, startIde } from '../launch/services.ts'
import type { Workshop } from '../launch/work.ts'
import type { KnownNetwork } from '../networks/registry.ts'
import { masterOf, recordOf } from './connections.ts'

/** RStudio's own port first: people know it. */
const firstIdePort = 8787
const idePortsTried = 50

const here = '127.0.0.1'

/** The evaluator and the web IDE of running networks, reached by forwards on this computer. */
export class NetworkServices {
  readonly #workshop: Workshop
  /** The network of a name, once it is known whether it runs. */
  readonly #running: (name: string) => Promise<KnownNetwork>

  constructor(workshop: Workshop, running: (name: string) => Promise<KnownNetwork>) {
    this.#workshop = workshop
    this.#running = running
  }

  async connectEvaluator(name: string): Promise<Output<'evaluator.connect'>> {
    const network = await this.#running(name)
    const { port } = await this.#evaluator(network)
    const master = masterOf(network)
    return {
      host: here, port, secret: await this.#workshop.ports.records.secret(network.id),
      user: recordOf(network).spec.user,
      master: master.publicDns ?? master.publicIp ?? master.privateIp ?? master.id
    }
  }

  async disconnectEvaluator(name: string): Promise<void> {
    await this.#workshop.forwards.release(this.#workshop.fleet.registry.byName(name).id, 'evaluator')
  }

  async evaluate(
    name: string, expression: string, options: { timeoutMs?: number; signal: AbortSignal }
  ): Promise<Output<'evaluator.eval'>> {
    const { ports, forwards } = this.#workshop
    const network = await this.#running(name)
    const { port } = await this.#evaluator(network)
    try {
      const secret = await ports.records.secret(network.id)
      return await ports.evaluator.evaluate({ host: here, port, secret }, expression, options)
    } finally {
      await forwards.release(network.id, 'evaluator')
    }
  }

  async openIde(name: string): Promise<Output<'ide.open'>> {
    const { ports, forwards } = this.#workshop
    const network = await this.#running(name)
    const { port, facts: kind } = await forwards.acquire(network.id, 'ide', async () => {
      const connection = await this.#workshop.connections.toMaster(network)
      const ide = await startIde(connection, {})
      if (ide === null) throw noIde(name)
      return { connection, forward: await forwardFromFreePort(connection, ide.port), facts: ide.kind }
    })
    const secret = await ports.records.secret(network.id)
    const origin = `http://${here}:${port}`
    if (kind === 'jupyter') return { url: `${origin}/?token=${secret}`, kind, port }
    return { url: `${origin}/`, kind, port, signIn: { user: recordOf(network).spec.user, password: secret } }
  }

  async closeIde(name: string): Promise<void> {
    await this.#workshop.forwards.release(this.#workshop.fleet.registry.byName(name).id, 'ide')
  }

  async #evaluator(network: KnownNetwork): Promise<{ port: number }> {
    return this.#workshop.forwards.acquire(network.id, 'evaluator', async () => {
      const connection = await this.#workshop.connections.toMaster(network)
      const forward = await connection.forward(0, await startEvaluator(connection, {}))
      return { connection, forward, facts: null }
    })
  }
}

/** The first port from 8787 that no other program listens on; any free one when there are that many. */
async function forwardFromFreePort(connection: SshConnection, remotePort: number): Promise<Forward> {
  for (let port = firstIdePort; port < firstIdePort + idePortsTried; port += 1) {
    try {
      return await connection.forward(port, remotePort)
    } catch (error) {
      if (!(error instanceof RmadaError && error.code === 'LOCAL_PORT_TAKEN')) throw error
    }
  }
  return connection.forward(0, remotePort)
}

function noIde(name: string): RmadaError {
  return new RmadaError('IDE_UNAVAILABLE',
    `The master of ${name} has neither RStudio Server nor Jupyter with the R kernel.`, {
    suggestion: 'Launch a network from an image that has one of them, or install one on the master and try again.'
  })
}
