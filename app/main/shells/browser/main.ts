import { directories } from '../../adapters/surroundings/directories.ts'
import { createLog } from '../../adapters/surroundings/log.ts'
import { toErrorShape } from '../../core/error.ts'
import { exitCodeOf } from '../cli/exit-codes.ts'
import type { ManagerFate } from './end-unneeded.ts'
import { hasDisplay, openAddress, openCommand } from './open-window.ts'
import { serveWindow } from './serve-window.ts'

/** What goes on without the window, and how to end it, in one line. */
function farewell({ ended, networks, pid }: ManagerFate): string {
  if (ended) return 'Rmada has ended; it had no network to keep.'
  const kept = networks === null ? 'what it does' : networks === 1 ? '1 network' : `${networks} networks`
  return `The window is closed. The manager (process ${pid}) goes on with ${kept}; "npx rmada manager stop" ends it.`
}

/** Runs the browser shell until it is interrupted. The address goes to standard output, alone on its line. */
export async function runBrowserShell(environment: NodeJS.ProcessEnv): Promise<void> {
  const log = createLog(directories(environment).data)
  try {
    const shell = await serveWindow(environment, log)
    const isOpen = hasDisplay(environment) && await openAddress(openCommand(shell.url, environment))
    process.stderr.write(isOpen
      ? 'Rmada is open in your browser. It serves until you press Ctrl-C; this address opens it again:\n'
      : 'Rmada is ready. Open this address in a browser of this computer; it serves until you press Ctrl-C:\n')
    process.stdout.write(`${shell.url}\n`)
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve)
    })
    process.stderr.write(`${farewell(await shell.close())}\n`)
  } catch (error) {
    const { code, message, suggestion } = toErrorShape(error)
    process.stderr.write(`${message}\n${suggestion}\n`)
    process.exitCode = exitCodeOf(code)
  }
}
