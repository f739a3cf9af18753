import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
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
import { createEndpointServer, type Answer, type AnswerJson } from './http.ts'
import { createFaults, type Faults } from './faults/faults.ts'
import { answerWithFaults } from './faults/faulty-answer.ts'
import { createFleet, defaultTimings, type Timings } from './instances/fleet.ts'
import { resumeImages } from './images/resume-images.ts'
import { forgetTerminated } from './instances/forget-terminated.ts'
import { takeDirectory } from './lock.ts'
import type { Credentials } from './protocol/signature.ts'
import { answerJson } from './json-action.ts'
import { answer, jsonServices } from './router.ts'
import { openStore, type Store } from './store.ts'
import { createVolumeAttendant } from './volumes/attendant.ts'

export interface PracticeOptions {
  readonly stateDirectory: string
  readonly backend: 'auto' | Backend
  /** 0: any free port. */
  readonly port: number
  readonly log: Log
  /** Actions (ec2:RunInstances) that a second, restricted access key may not do; none: there is no such key. */
  readonly deny?: readonly string[]
  /** What goes wrong from the start. */
  readonly faults?: Faults
  /** For tests of the state machine. */
  readonly timings?: Partial<Timings>
  readonly machines?: Machines
}

export interface PracticeEndpoint {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The access key that may not do what `deny` names. */
  readonly restricted: Credentials | null
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
    const restricted =
      options.deny && options.deny.length > 0
        ? {
            credentials: await openCredentials(join(directory, 'restricted-credentials.json')),
            denied: new Set(options.deny)
          }
        : null
    const store = await openStore(join(directory, 'state.json'))
    const machines = options.machines ?? createMachines(backend, { stateDirectory: join(directory, 'machines'), log })
    const account = openAccount({
      store,
      machines,
      credentials,
      faults: options.faults ?? createFaults(),
      timings: { ...defaultTimings, ...options.timings },
      log
    })
    const server = createEndpointServer({ credentials, restricted, region: practiceRegion, log, ...account.answers })
    const close = async ({ powerOff }: { powerOff: boolean }) => {
      await stopListening(server)
      await account.idle()
      await machines.close({ powerOff })
      await rm(join(directory, 'endpoint.json'), { force: true })
      await release()
    }
    try {
      const endpoint = `http://127.0.0.1:${await listen(server, options.port)}`
      await account.resume()
      await writeFile(join(directory, 'endpoint.json'), JSON.stringify({ endpoint }), { mode: 0o600 })
      log('info', 'The practice cloud answers', { endpoint, backend })
      let closed: Promise<void> | null = null
      return {
        endpoint,
        region: practiceRegion,
        ...credentials,
        restricted: restricted?.credentials ?? null,
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
  readonly faults: Faults
  readonly timings: Timings
  readonly log: Log
}

/** The account behind the wire: state, machines, and the requests that are at work on them. */
function openAccount({ store, machines, credentials, faults, timings, log }: AccountParts) {
  const volumes = createVolumeAttendant({ store, machines, log })
  const fleet = createFleet({ store, machines, faults, timings, log, beforeGone: volumes.releaseFrom })
  const atWork = new Set<Promise<unknown>>()
  let turn: Promise<unknown> = Promise.resolve()

  const inTurn: Context['inTurn'] = (work) => {
    const next = turn.catch(() => undefined).then(work)
    turn = next
    return next
  }
  const contextOf = async (host: string): Promise<Context> => {
    await forgetTerminated(store, Date.now() - timings.terminatedVisibleMs)
    return {
      region: practiceRegion,
      host,
      accessKeyId: credentials.accessKeyId,
      machines,
      fleet,
      faults,
      volumes,
      inTurn,
      get state() {
        return store.state
      },
      change: store.change
    }
  }
  const counted = async <Result>(work: Promise<Result>): Promise<Result> => {
    atWork.add(work)
    try {
      return await work
    } finally {
      atWork.delete(work)
    }
  }
  const answers: { answer: Answer; answerJson: AnswerJson } = {
    answer: (service, parameters, host) =>
      counted(
        contextOf(host).then((context) =>
          answerWithFaults(faults, parameters, context, (faulty) => answer(service, parameters, faulty))
        )
      ),
    answerJson: (service, target, body, host) =>
      counted(contextOf(host).then((context) => answerJson(jsonServices[service], target, body, context)))
  }

  return {
    answers,
    async resume() {
      await resumeImages(store, machines)
      volumes.resume()
      await fleet.resume()
    },
    /** Resolves when no request and no machine is being worked on. */
    async idle() {
      await Promise.allSettled(atWork)
      await fleet.idle()
      await volumes.close()
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
