import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findManager } from '../../app/main/shells/manager/find-or-start.ts'
import { appRoot, entryPoint } from '../../app/main/shells/app-root.ts'
import type { LocalClient } from '../../app/main/transports/local-client.ts'

/** A manager and a practice cloud of the demo's own, in a fresh folder that holds everything they write. */
export interface Stage {
  readonly folder: string
  readonly data: string
  /** For processes that are to find this manager and no other. */
  readonly environment: NodeJS.ProcessEnv
  readonly client: LocalClient
  /** Ends the manager, and with it the practice cloud's machines. */
  close(): Promise<void>
}

const readyMs = 30_000
const stopMs = 30_000

function waitForExit(child: ChildProcess, limitMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true)
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(false)
    }, limitMs)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

function waitForReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`The manager did not become ready in time`))
    }, readyMs)
    child.once('message', () => {
      clearTimeout(timer)
      resolve()
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`The manager ended with code ${code} before it was ready`))
    })
  })
}

/** Starts it all. A short folder name: sockets of several programs are to lie in it. */
export async function openStage(backend: string): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'rmada-demo-'))
  const [data, runtime, temporary] = ['data', 'run', 'tmp'].map((name) => join(folder, name)) as [
    string,
    string,
    string
  ]
  for (const path of [data, runtime, temporary]) mkdirSync(path, { mode: 0o700 })
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    RMADA_DATA_DIR: data,
    RMADA_RUNTIME_DIR: runtime,
    RMADA_PRACTICE_BACKEND: backend,
    TMPDIR: temporary
  }
  // Only the practice cloud is meant here, whatever cloud this shell is set up for.
  for (const name of Object.keys(environment)) if (name.startsWith('AWS_')) delete environment[name]

  const log = join(folder, 'manager-output.log')
  const output = createWriteStream(log, { mode: 0o600 })
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entryPoint('manager')], {
    cwd: appRoot,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C at the terminal is for the demo, which then ends the manager in good order.
    detached: true
  })
  child.stdout?.pipe(output, { end: false })
  child.stderr?.pipe(output, { end: false })

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    if (!(await waitForExit(child, stopMs))) {
      child.kill('SIGKILL')
      throw new Error('The manager did not end in time and was killed.')
    }
    output.end()
  }
  try {
    await waitForReady(child)
    const client = await findManager(environment, { audience: 'cli' })
    if (!client) throw new Error('The manager is ready but does not answer.')
    return {
      folder,
      data,
      environment,
      client,
      async close() {
        client.close()
        await stop()
      }
    }
  } catch (error) {
    await stop()
    const said = readFileSync(log, 'utf8').trim()
    rmSync(folder, { recursive: true, force: true })
    throw said === '' ? error : new Error(`The manager could not start: ${said}`, { cause: error })
  }
}
