import { utilityProcess } from 'electron'
import type { Client } from '../../../contract/index.ts'
import { RmadaError, toErrorShape } from '../../core/error.ts'
import type { Log } from '../../core/ports/index.ts'
import { createDispatch } from '../../transports/dispatch.ts'
import type { Dispatch } from '../../transports/dispatch.ts'
import type { LocalClient } from '../../transports/local-client.ts'
import { relayHandlers } from '../../transports/relay.ts'
import { findManager } from '../manager/find-or-start.ts'
import type { ClientOptions } from '../manager/find-or-start.ts'
import { readRuntimeFile } from '../manager/runtime-file.ts'
import { reachManager } from './reach-manager.ts'
import type { ManagerProcess } from './reach-manager.ts'

export interface ManagerLinkOptions {
  /** The built manager. */
  readonly program: string
  /** Where its runtime file is. */
  readonly runtimeDirectory: string
  readonly environment: NodeJS.ProcessEnv
  readonly log: Log
  /** Another start, an R console or the command line asks for the window. */
  readonly onActivate: () => void
}

/** The way from the windows to the manager. */
export interface ManagerLink {
  /** Serves windows; a call waits until the manager is reached. */
  readonly dispatch: Dispatch
  ownsManager(): boolean
  /** Networks that are not yet gone; null when the manager does not say within the limit. */
  countNetworks(limitMs: number): Promise<number | null>
  /** Ends the manager, if this app started it. */
  stop(): Promise<void>
}

const stopMs = 15_000

/** Finds or starts the manager in a process of its own and keeps the connection to it. */
export function linkManager(
  { program, runtimeDirectory, environment, log, onActivate }: ManagerLinkOptions
): ManagerLink {
  let started: ManagerProcess | null = null
  let pending: Promise<LocalClient> | null = null

  async function reach(options: ClientOptions): Promise<LocalClient> {
    const reached = await reachManager({
      find: () => findManager(environment, options), start: () => forkManager(program, log)
    })
    started = reached.started ?? started
    return reached.client
  }

  const open = (): Promise<LocalClient> => reach({
    audience: 'gui', reconnect: findAgain,
    // At the first connection and after each break.
    onState: state => { if (state === 'connected') void client().then(followRequests, () => undefined) }
  })

  /** A runtime file left behind means a crash: a manager is started. None means that it was ended on purpose. */
  async function findAgain(): Promise<string> {
    if (readRuntimeFile(runtimeDirectory) !== null) (await reach({ audience: 'gui' })).close()
    const file = readRuntimeFile(runtimeDirectory)
    if (file !== null) return file.socket
    throw new RmadaError('MANAGER_UNREACHABLE', 'The part of Rmada that works with the cloud was ended.', {
      suggestion: 'Close Rmada and open it again.'
    })
  }

  const followRequests = (reached: Client): void => {
    reached.subscribe('manager.watch', {}, ({ kind }) => { if (kind === 'activate') onActivate() }, () => undefined)
  }

  /** One attempt for all who wait; the next call after a failure tries again. */
  function client(): Promise<LocalClient> {
    pending ??= open().catch((error: unknown) => {
      pending = null
      throw error
    })
    return pending
  }

  return {
    dispatch: async (method, input, context) => {
      try {
        return await createDispatch(relayHandlers(await client()), log)(method, input, context)
      } catch (error) {
        return { kind: 'error', error: toErrorShape(error) }
      }
    },
    ownsManager: () => started !== null,
    countNetworks: async limitMs => {
      const late = new Promise<null>(resolve => { setTimeout(resolve, limitMs, null) })
      const count = client().then(reached => reached.call('networks.list', {})).then(all => all.length, () => null)
      return Promise.race([count, late])
    },
    stop: async () => {
      const reached = await pending?.catch(() => null)
      reached?.close()
      if (started === null) return
      const { exited, kill } = started
      started = null
      await askToEnd(environment).catch(() => kill())
      const late = setTimeout(kill, stopMs)
      await exited
      clearTimeout(late)
    }
  }
}

/** Windows may not end the manager, consoles may; this app ends its own as the command line would. */
async function askToEnd(environment: NodeJS.ProcessEnv): Promise<void> {
  const client = await findManager(environment, { audience: 'cli' })
  try {
    await client?.call('manager.shutdown', {})
  } finally {
    client?.close()
  }
}

function forkManager(program: string, log: Log): ManagerProcess {
  const child = utilityProcess.fork(program, [], { serviceName: 'Rmada manager', stdio: 'ignore' })
  const exited = new Promise<void>(resolve => {
    child.once('exit', code => {
      log(code === 0 ? 'info' : 'warn', 'The manager process ended.', { code: String(code) })
      resolve()
    })
  })
  return { exited, kill: () => { child.kill() } }
}
