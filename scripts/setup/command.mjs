import { spawn, spawnSync } from 'node:child_process'

/** Output of a quick command, or null when it cannot be run or fails. */
export function output(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return result.status === 0 ? result.stdout : null
}

/**
 * Runs a command with its output on standard error and ends it, children included, when the limit is over.
 * Resolves with the exit code, or null when it was ended by the limit or could not be started.
 */
export function run(command, args, { cwd, env, limitSeconds, quiet = false }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'ignore' : 2, quiet ? 'ignore' : 2],
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32'
    })
    const end = () => {
      try {
        if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'])
        else process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It ended by itself in the same moment.
      }
    }
    const limit = setTimeout(() => { end(); resolve(null) }, limitSeconds * 1000)
    const stopped = (signal) => { end(); process.exit(signal === 'SIGINT' ? 130 : 143) }
    process.once('SIGINT', stopped)
    process.once('SIGTERM', stopped)
    const finish = (code) => {
      clearTimeout(limit)
      process.removeListener('SIGINT', stopped)
      process.removeListener('SIGTERM', stopped)
      resolve(code)
    }
    child.on('error', () => finish(null))
    child.on('exit', (code) => finish(code))
  })
}
