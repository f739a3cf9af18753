import { chmod, mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Log } from '../../core/ports/index.ts'
import { RmadaError } from '../../core/error.ts'
import { practiceRegion } from '../catalogue.ts'
import { chooseBackend, createMachines } from '../machines/create.ts'
import type { Backend, Machines } from '../machines/machines.ts'
import type { Context } from './action.ts'
import { openCredentials } from './credentials.ts'
import { createEndpointServer, type Answer } from './http.ts'
import { createFleet, defaultTimings, type Timings } from './instances/fleet.ts'
import { forgetTerminated } from './instances/forget-terminated.ts'
import { takeDirectory } from './lock.ts'
import type { Credentials } from './protocol/signature.ts'
import { answer } from './router.ts'
import { openStore, type Store } from './store.ts'

export interface PracticeOptions {
  readonly stateDirectory: string
  readonly backend: 'auto' | Backend
  /** 0: any free port. */
  readonly port: number
  readonly log: Log
  /** For tests of the state machine. */
  readonly timings?: Partial<Timings>
  readonly machines?: Machines
}

export interface PracticeEndpoint {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly backend: Backend
  readonly explanation: string
  /** Ends the endpoint; with `powerOff` its machines too, whose disks stay and which boot again at the next start. */
  close(options: { powerOff: boolean }): Promise<void>
}

/** Starts the practice cloud's EC2 endpoint on loopback. Each backend has an account of its own in the directory. */
export async function servePractice(options: PracticeOptions): Promise<PracticeEndpoint> {
  const { log, stateDirectory } = options
  const { backend, available, explanation } = chooseBackend(options.backend)
  if (!available) {
    throw new RmadaError('PRACTICE_UNAVAILABLE', explanation, {
      suggestion: 'Choose another backend with --backend, for example processes.'
    })
  }
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
  await chmod(stateDirectory, 0o700)
  const directory = join(stateDirectory, backend)
  const release = await takeDirectory(directory)
  try {
    const credentials = await openCredentials(join(directory, 'credentials.json'))
    const store = await openStore(join(directory, 'state.json'))
    const machines = options.machines ?? createMachines(backend, { stateDirectory: join(directory, 'machines'), log })
    const account = openAccount({
      store,
      machines,
      credentials,
      timings: { ...defaultTimings, ...options.timings },
      log
    })
    const server = createEndpointServer({ credentials, region: practiceRegion, log, answer: account.answer })
    const close = async ({ powerOff }: { powerOff: boolean }) => {
      await stopListening(server)
      await account.idle()
      await machines.close({ powerOff })
      await release()
    }
    try {
      const endpoint = `http://127.0.0.1:${await listen(server, options.port)}`
      await account.resume()
      log('info', 'The practice cloud answers', { endpoint, backend })
      let closed: Promise<void> | null = null
      return {
        endpoint,
        region: practiceRegion,
        ...credentials,
        backend,
        explanation,
        close: (how) => (closed ??= close(how))
      }
    } catch (error) {
      await close({ powerOff: false })
      throw error
    }
  } catch (error) {
    await release()
    throw error
  }
}

interface AccountParts {
  readonly store: Store
  readonly machines: Machines
  readonly credentials: Credentials
  readonly timings: Timings
  readonly log: Log
}

/** The account behind the wire: state, machines, and the requests that are at work on them. */
function openAccount({ store, machines, credentials, timings, log }: AccountParts) {
  const fleet = createFleet({ store, machines, timings, log })
  const atWork = new Set<Promise<unknown>>()
  let turn: Promise<unknown> = Promise.resolve()

  const inTurn: Context['inTurn'] = (work) => {
    const next = turn.catch(() => undefined).then(work)
    turn = next
    return next
  }
  const handle: Answer = async (service, parameters, host) => {
    await forgetTerminated(store, Date.now() - timings.terminatedVisibleMs)
    return answer(service, parameters, {
      region: practiceRegion,
      host,
      accessKeyId: credentials.accessKeyId,
      machines,
      fleet,
      inTurn,
      get state() {
        return store.state
      },
      change: store.change
    })
  }
  const counted: Answer = async (...request) => {
    const work = handle(...request)
    atWork.add(work)
    try {
      return await work
    } finally {
      atWork.delete(work)
    }
  }

  return {
    answer: counted,
    resume: fleet.resume,
    /** Resolves when no request and no machine is being worked on. */
    async idle() {
      await Promise.allSettled(atWork)
      await fleet.idle()
    }
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(cause.code === 'EADDRINUSE' ? taken(port, cause) : cause)
    )
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

const taken = (port: number, cause: Error) =>
  new RmadaError('LOCAL_PORT_TAKEN', `Another program listens on port ${port} of this computer.`, {
    suggestion: 'Choose another port, or none to take any that is free.',
    cause
  })

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
