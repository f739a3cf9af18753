import type { Network, Task } from '../../app/contract/index.ts'
import { procedures } from '../../app/contract/index.ts'
import { RmadaError } from '../../app/main/core/error.ts'
import type { Handlers } from '../../app/main/core/handlers.ts'
import { createEventQueue } from '../../app/main/transports/event-queue.ts'

/** What a transport's tests can see of the handlers behind it. */
export interface StubHandlers {
  readonly handlers: Handlers
  /** Inputs of networks.terminate, as they came in. */
  readonly terminated: string[]
  /** Streams of networks.watch that are open now. */
  openStreams(): number
  emit(event: { kind: 'removed'; id: string }): void
  endStreams(error?: Error): void
}

const network = (name: string): Network => ({
  id: `id-${name}`,
  name,
  region: 'practice-1',
  status: 'running',
  message: '',
  instanceType: 'c5.large',
  image: 'ami-1',
  zone: null,
  slotsPerHost: 2,
  createdAt: '2026-01-01T00:00:00Z',
  keyName: null,
  securityGroup: null,
  placementGroup: null,
  pricePerHour: null,
  priceSource: null,
  keyHere: true,
  taskId: null,
  instances: []
})

const task = (name: string): Task => ({
  id: 't1',
  kind: 'terminate',
  network: name,
  title: `Terminate ${name}`,
  state: 'running',
  progress: 0,
  message: '',
  steps: [],
  cancellable: false,
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  error: null
})

/** A small manager for tests of transports: three queries, one command, one stream; all else is a defect. */
export function createStubHandlers(): StubHandlers {
  const terminated: string[] = []
  const queues = new Set<
    ReturnType<typeof createEventQueue<{ kind: 'removed'; id: string } | { kind: 'all'; items: Network[] }>>
  >()
  const served: Partial<Handlers> = {
    'networks.list': async () => [network('one')],
    'networks.get': async ({ name }) => {
      if (name === 'one') return network('one')
      // A handler that breaks the contract: what it gives must not get out.
      if (name === 'broken') return { name: 'broken' } as Network
      throw new RmadaError('NETWORK_UNKNOWN', `There is no network named: ${name}`, {
        suggestion: 'Look at the list of networks.'
      })
    },
    'networks.exec': async ({ command }) => ({ stdout: command, stderr: '', exitCode: 0 }),
    'networks.terminate': async ({ name }) => {
      terminated.push(name)
      return task(name)
    },
    'networks.watch': () => {
      const queue = createEventQueue<{ kind: 'removed'; id: string } | { kind: 'all'; items: Network[] }>(() => {
        queues.delete(queue)
      })
      queues.add(queue)
      queue.push({ kind: 'all', items: [network('one')] })
      return queue
    }
  }
  const missing = (method: string) => async () => { throw new Error(`no stub for ${method}`) }
  const all = Object.fromEntries(Object.keys(procedures).map((method) => [method, missing(method)]))
  return {
    handlers: { ...all, ...served } as Handlers,
    terminated,
    openStreams: () => queues.size,
    emit(event) { for (const queue of queues) queue.push(event) },
    endStreams(error) { for (const queue of queues) queue.end(error) }
  }
}
