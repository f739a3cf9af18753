import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const command = join(import.meta.dirname, '../../bin/rmada.mjs')

export interface Ran { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** The command line as a user runs it, with folders of its own: its manager is this test's alone. */
export interface Rmada {
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ran>
  /** Runs with `--json` and insists on exactly one JSON value on standard output. */
  json(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<{ code: number | null; value: unknown }>
  start(args: readonly string[]): ChildProcess
  /** Process id of the manager, null when none runs. */
  managerPid(): number | null
  /** The same where one must run. */
  livingManager(): number
  /** Stops the manager and removes the folders. */
  close(): Promise<void>
}

export function createRmada(backend: 'processes' | 'namespaces' | 'none'): Rmada {
  const folder = mkdtempSync(join(tmpdir(), 'rmada-cli-'))
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    RMADA_DATA_DIR: join(folder, 'data'),
    RMADA_RUNTIME_DIR: join(folder, 'run'),
    RMADA_PRACTICE_BACKEND: backend
  }
  // Vitest's own settings, and whatever cloud this shell is set up for, are not the manager's.
  for (const name of Object.keys(environment)) if (/^(AWS_|VITEST|NODE_OPTIONS)/.test(name)) delete environment[name]

  const start = (args: readonly string[], extra: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(process.execPath, [command, ...args], {
      env: { ...environment, ...extra },
      stdio: ['ignore', 'pipe', 'pipe']
    })

  function run(args: readonly string[], extra: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const child = start(args, extra)
    let stdout = ''
    let stderr = ''
    child.stdout?.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
    child.stderr?.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => { resolve({ code, stdout, stderr }) })
    })
  }

  const managerPid = (): number | null => {
    try {
      return (JSON.parse(readFileSync(join(folder, 'run/manager.json'), 'utf8')) as { pid: number }).pid
    } catch {
      return null
    }
  }

  return {
    folder, environment, run, start, managerPid,
    livingManager() {
      const pid = managerPid()
      if (pid === null) throw new Error('No manager runs.')
      return pid
    },
    async json(args, extra) {
      const { code, stdout, stderr } = await run([...args, '--json'], extra)
      if (!/^[^\n]+\n$/.test(stdout)) throw new Error(`Not exactly one line on standard output: ${stdout}\n${stderr}`)
      return { code, value: JSON.parse(stdout) as unknown }
    },
    async close() {
      await run(['manager', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
