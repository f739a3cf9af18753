import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PROTOCOL_VERSION } from '../../../contract/index.ts'
import type { Log } from '../../core/ports/index.ts'
import { createDispatch } from '../../transports/dispatch.ts'
import { connectLocal } from '../../transports/local-client.ts'
import { socketAddress } from '../../transports/local-socket/address.ts'
import { takeLock } from '../../transports/local-socket/lock.ts'
import { serveLocalSocket } from '../../transports/local-socket/server.ts'
import { appVersion } from '../app-root.ts'
import { composeManager } from './compose.ts'
import { removeRuntimeFile, writeRuntimeFile } from './runtime-file.ts'

export interface ManagerSettings {
  readonly directories: { readonly data: string; readonly runtime: string }
  readonly environment: NodeJS.ProcessEnv
  readonly log: Log
}

/** A manager at work in this process. */
export interface RunningManager {
  /** Resolves when a client asked it to end. */
  readonly shutdownRequested: Promise<void>
  /** Ends it in good order: clients, forwards, practice cloud, socket and runtime file. Networks stay as they are. */
  stop(): Promise<void>
}

function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
}

/**
 * Becomes the manager of this user, or returns null when there is one already; that one's window then comes to the
 * front. Clients are answered once the first reconciliation with the cloud has begun.
 */
export async function runManager({ directories, environment, log }: ManagerSettings): Promise<RunningManager | null> {
  makePrivate(directories.data)
  makePrivate(directories.runtime)
  const address = socketAddress(directories.runtime)
  const lock = takeLock(join(directories.runtime, 'manager.lock'))
  if (!lock) {
    const first = await connectLocal({ address, audience: 'cli', version: appVersion }).catch(() => null)
    await first?.call('manager.activate', {}).catch(() => undefined)
    first?.close()
    return null
  }
  const { manager, close } = await composeManager(directories.data, environment, log)
  const identity = { protocol: PROTOCOL_VERSION, version: appVersion, pid: process.pid }
  const started = manager.start().catch((error: unknown) => {
    log('error', 'Start-up could not reconcile with the cloud', {
      reason: error instanceof Error ? error.message : String(error)
    })
  })
  const server = await serveLocalSocket({ address, dispatch: createDispatch(manager.handlers, log), identity })
  writeRuntimeFile(directories.runtime, { socket: address, ...identity })
  log('info', 'The manager is ready', { pid: String(process.pid), version: appVersion })

  let stopping: Promise<void> | null = null
  async function stopOnce(): Promise<void> {
    // Out of sight first, so that no client finds a manager that is about to go.
    removeRuntimeFile(directories.runtime)
    await server.close()
    if (process.platform !== 'win32') rmSync(address, { force: true })
    await close()
    await started
    lock?.release()
    log('info', 'The manager has ended')
  }
  return {
    shutdownRequested: manager.shutdownRequested,
    stop: () => (stopping ??= stopOnce())
  }
}
