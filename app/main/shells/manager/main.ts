import { createLog } from '../../adapters/surroundings/log.ts'
import { directories as findDirectories } from '../../adapters/surroundings/directories.ts'
import { runManager } from './run-manager.ts'

// The manager's own process: started by the command line and the browser shell, or as Electron's utility process.

/** A stop that hangs on a dead connection must not keep the process for ever. */
const stopLimitMs = 20_000

const directories = findDirectories(process.env)
const log = createLog(directories.data)

// A defect in one call must not end the tunnels of all: it is logged, and the manager lives on.
process.on('uncaughtException', (error) => { log('error', 'Uncaught defect', { stack: String(error.stack) }) })
process.on('unhandledRejection', (reason) => {
  log('error', 'Unhandled rejection', { stack: reason instanceof Error ? String(reason.stack) : String(reason) })
})

const manager = await runManager({ directories, environment: process.env, log }).catch((error: unknown) => {
  process.stderr.write(`The manager could not start: ${error instanceof Error ? error.message : String(error)}\n`)
  log('error', 'The manager could not start', { reason: error instanceof Error ? String(error.stack) : String(error) })
  process.exit(1)
})

if (!manager) {
  process.stderr.write('A manager is running already; its window was asked to come to the front.\n')
  process.exit(0)
}

const stop = (): void => {
  setTimeout(() => { process.exit(1) }, stopLimitMs).unref()
  manager.stop().then(() => process.exit(0), (error: unknown) => {
    log('error', 'The manager did not end in good order', { reason: String(error) })
    process.exit(1)
  })
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
// A parent that keeps a channel to us (the demo, Electron) takes us along when it goes; a detached start has none.
process.on('disconnect', stop)
// The client that asked is answered first.
void manager.shutdownRequested.then(() => setImmediate(stop))
process.send?.('ready')
