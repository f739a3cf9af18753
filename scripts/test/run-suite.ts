import { spawn } from 'node:child_process'
import type { Suite } from './suites.ts'

export interface SuiteResult { readonly ok: boolean; readonly ms: number }

/** Runs the commands of one suite until one fails; ends the whole process group when the limit is over. */
export async function runSuite(suite: Suite, root: string): Promise<SuiteResult> {
  const started = performance.now()
  const deadline = started + suite.limitMinutes * 60_000
  for (const command of suite.commands) {
    const ok = await runCommand(command, root, Math.max(1, deadline - performance.now()))
    if (!ok) return { ok: false, ms: performance.now() - started }
  }
  return { ok: true, ms: performance.now() - started }
}

function runCommand(command: readonly string[], root: string, limitMs: number): Promise<boolean> {
  const [program, ...args] = command
  if (program === undefined) throw new Error('A suite has an empty command.')
  return new Promise((resolve) => {
    const windows = process.platform === 'win32'
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: windows, detached: !windows })
    const end = () => {
      if (child.pid === undefined) return
      try {
        if (windows) child.kill('SIGKILL')
        else process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It ended in the same moment.
      }
    }
    const limit = setTimeout(() => {
      console.error(`${command.join(' ')} did not end within its limit and was ended.`)
      end()
      resolve(false)
    }, limitMs)
    const interrupted = () => { end(); process.exit(130) }
    process.once('SIGINT', interrupted)
    process.once('SIGTERM', interrupted)
    const finish = (ok: boolean) => {
      clearTimeout(limit)
      process.removeListener('SIGINT', interrupted)
      process.removeListener('SIGTERM', interrupted)
      resolve(ok)
    }
    child.on('error', (error) => { console.error(`${program} could not be started: ${error.message}`); finish(false) })
    child.on('exit', (code) => finish(code === 0))
  })
}
