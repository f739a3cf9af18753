import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { directories as findDirectories } from '../../adapters/surroundings/directories.ts'
import type { RuntimeFile } from '../../../contract/index.ts'
import { RmadaError, toErrorShape } from '../../core/error.ts'
import { connectLocal } from '../../transports/local-client.ts'
import type { LocalClient, LocalClientOptions } from '../../transports/local-client.ts'
import { appRoot, appVersion, entryPoint } from '../app-root.ts'
import { readRuntimeFile } from './runtime-file.ts'

const startLimitMs = 30_000
const pollMs = 50

export type ClientOptions = Pick<LocalClientOptions, 'audience' | 'reconnect' | 'onState'>

/** Connects to the living manager; null when there is none. Rejects when there is one that it cannot talk to. */
export async function findManager(environment: NodeJS.ProcessEnv, options: ClientOptions): Promise<LocalClient | null> {
  const file = readRuntimeFile(findDirectories(environment).runtime)
  if (!file) return null
  try {
    return await connectLocal({ ...options, address: file.socket, version: appVersion })
  } catch (error) {
    if (toErrorShape(error).code === 'MANAGER_UNREACHABLE') return null
    throw error
  }
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join('\n')
  } catch {
    return ''
  }
}

/** A manager that was started, and may find that another was faster. */
interface Candidate {
  readonly output: string
  /** Exit code, signal or reason; null while it lives. */
  ended(): number | string | null
  /** Ends it unless it is the manager that answers: it would take the place of that one at its end. */
  yieldTo(manager: number): void
}

function startDetached(environment: NodeJS.ProcessEnv): Candidate {
  const { data } = findDirectories(environment)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const output = join(data, 'manager-output.log')
  const descriptor = openSync(output, 'w', 0o600)
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entryPoint('manager')], {
    cwd: appRoot,
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
    env: environment,
    windowsHide: true
  })
  closeSync(descriptor)
  let end: number | string | null = null
  child.on('exit', (code, signal) => {
    end = code ?? signal
  })
  child.on('error', (error) => {
    end = error.message
  })
  child.unref()
  return {
    output,
    ended: () => end,
    yieldTo(manager) {
      if (child.pid !== manager && end === null) child.kill()
    }
  }
}

/** Connects to the living manager, starting one without a window when there is none. */
export async function findOrStartManager(environment: NodeJS.ProcessEnv, options: ClientOptions): Promise<LocalClient> {
  const found = await findManager(environment, options)
  if (found) return found
  let starting = startDetached(environment)
  const limit = Date.now() + startLimitMs
  while (Date.now() < limit) {
    await sleep(pollMs)
    const client = await findManager(environment, options)
    if (client) {
      starting.yieldTo(client.manager.pid)
      return client
    }
    const end = starting.ended()
    if (end !== null && end !== 0) break
    // It left the field to another, which does not answer yet, or is about to end and then leaves it to us.
    if (end === 0) {
      await sleep(10 * pollMs)
      const late = await findManager(environment, options)
      if (late) return late
      starting = startDetached(environment)
    }
  }
  const end = starting.ended()
  const log = lastLines(starting.output)
  throw new RmadaError(
    'MANAGER_UNREACHABLE',
    end === null
      ? `The manager was started but did not answer within ${startLimitMs / 1000} seconds.`
      : `The manager could not start: ${log.split('\n').at(-1) || `it ended with ${end}`}`,
    {
      suggestion: `Look at its log: ${starting.output}`,
      details: { log }
    }
  )
}

/**
 * How a shell finds the manager again after its connection broke. A runtime file that is still there means a crash: a
 * new manager is started. None there means that somebody ended the manager on purpose: wait for the next one.
 */
export async function findAgain(environment: NodeJS.ProcessEnv): Promise<string> {
  const file: RuntimeFile | null = readRuntimeFile(findDirectories(environment).runtime)
  if (!file)
    throw new RmadaError('MANAGER_UNREACHABLE', 'The manager was ended.', {
      suggestion: 'Start it with "rmada manager start".'
    })
  const client = await findOrStartManager(environment, { audience: 'gui' })
  client.close()
  return readRuntimeFile(findDirectories(environment).runtime)?.socket ?? file.socket
}
