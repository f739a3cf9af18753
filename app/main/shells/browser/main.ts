import { directories } from '../../adapters/surroundings/directories.ts'
import { createLog } from '../../adapters/surroundings/log.ts'
import { toErrorShape } from '../../core/error.ts'
import { exitCodeOf } from '../cli/exit-codes.ts'
import { hasDisplay, openAddress, openCommand } from './open-window.ts'
import { serveWindow } from './serve-window.ts'

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
    await shell.close()
  } catch (error) {
    const { code, message, suggestion } = toErrorShape(error)
    process.stderr.write(`${message}\n${suggestion}\n`)
    process.exitCode = exitCodeOf(code)
  }
}
