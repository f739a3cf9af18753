import type { ImageContents } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { SshConnection } from '../../core/ports/index.ts'
import { lastLine, scriptWith } from '../../core/shell-text.ts'
import { limits } from '../limits.ts'
import type { ManagerPorts } from '../manager.ts'

type Ports = Pick<ManagerPorts, 'readResource' | 'version'>
type Programs = Pick<ImageContents, 'r' | 'openMpi' | 'rstudio' | 'evaluator'>

/** What the machine has installed, with the versions that its programs tell. */
export async function readContents(ports: Ports, connection: SshConnection): Promise<Programs> {
  const told = new Map((await run(ports, connection, { MODE: 'contents' })).split('\n').map(line => {
    const [name = '', version = ''] = line.trim().split(' ')
    return [name, version] as const
  }))
  const version = (name: keyof Programs): string | null => told.get(name) || null
  return { r: version('r'), openMpi: version('openMpi'), rstudio: version('rstudio'), evaluator: version('evaluator') }
}

/**
 * Does the work while nothing that must not travel is on the machine's disk, and puts it back after. Should this end in
 * between, the machine puts it back by itself.
 */
export async function withdrawn<T>(ports: Ports, connection: SshConnection, work: () => Promise<T>): Promise<T> {
  const kept = (await run(ports, connection, { MODE: 'withdraw' })).trim()
  try {
    return await work()
  } finally {
    await run(ports, connection, { MODE: 'restore', KEPT: kept })
  }
}

async function run(ports: Ports, connection: SshConnection, variables: Record<string, string>): Promise<string> {
  const script = await ports.readResource('resources/bootstrap/image.sh')
  const { stdout, stderr, exitCode } = await connection.exec('sh -s', {
    stdin: scriptWith({ ...variables, RMADA_VERSION: ports.version }, script), timeoutMs: limits.imageScriptMs
  })
  if (exitCode === 0) return stdout
  const why = lastLine(stderr).replace(/^rmada: /, '') || `the script ended with code ${exitCode}`
  throw new RmadaError('CONFIGURE_FAILED', `Readying the master for its image failed: ${why}`, {
    suggestion: 'Look at the master; nothing was rented. What was taken off its disk comes back within three minutes.'
  })
}
