import { z } from 'zod'
import { RmadaError } from '../../core/error.ts'
import type { Forward, SshConnection } from '../../core/ports/index.ts'
import { lastLine } from '../../core/shell-text.ts'
import { limits } from '../limits.ts'
import type { ManagerPorts } from '../manager.ts'

const EvaluatorAnswer = z.object({ port: z.number().int().min(1).max(65535), pid: z.number().int() })
const IdeAnswer = EvaluatorAnswer.extend({ kind: z.enum(['rstudio', 'jupyter']) })

/** Exit code by which ide.sh says that the machine has no web IDE. */
const noIde = 3

type ServicePorts = Pick<ManagerPorts, 'readResource' | 'records' | 'evaluator'>
type Stop = { readonly signal?: AbortSignal }

/** Puts the services' files on a master, with the network's secret. Files that are in use are replaced whole. */
export async function uploadServices(ports: ServicePorts, connection: SshConnection, networkId: string): Promise<void> {
  const [evaluator, ide, gate, server, secret] = await Promise.all([
    ports.readResource('resources/bootstrap/evaluator.sh'),
    ports.readResource('resources/bootstrap/ide.sh'),
    ports.readResource('r-package/inst/evaluator/gate.pl'),
    ports.readResource('r-package/inst/evaluator/server.R'),
    ports.records.secret(networkId)
  ])
  // Services that another computer started know another secret.
  const before = await connection.readFile('~/.rmada/secret').catch(() => '')
  if (before.trim() !== '' && before.trim() !== secret.trim()) {
    await connection.exec('sh ~/.rmada/evaluator.sh stop; sh ~/.rmada/ide.sh stop', { timeoutMs: limits.evaluatorStartMs })
  }
  await connection.writeFile('~/.rmada/secret', secret, 0o600)
  await connection.writeFile('~/.rmada/evaluator.sh', evaluator, 0o700)
  await connection.writeFile('~/.rmada/ide.sh', ide, 0o700)
  await connection.writeFile('~/.rmada/gate.pl', gate, 0o600)
  await connection.writeFile('~/.rmada/server.R', server, 0o600)
}

/** Starts the evaluator, or finds it running: its port on the master. */
export async function startEvaluator(connection: SshConnection, stop: Stop): Promise<number> {
  const { stdout, stderr, exitCode } = await connection.exec('sh ~/.rmada/evaluator.sh start', {
    timeoutMs: limits.evaluatorStartMs, ...stop
  })
  const answer = exitCode === 0 ? parsed(EvaluatorAnswer, stdout) : null
  if (answer) return answer.port
  throw new RmadaError('EVALUATOR_UNREACHABLE',
    `The R evaluator did not start on the master: ${lastLine(stderr) || `its script ended with code ${exitCode}`}`,
    { suggestion: 'Repair the network; ~/.rmada on the master has the evaluator\'s log.' })
}

/** Makes sure that the evaluator answers to the network's secret through a forward. */
export async function pingEvaluator(ports: ServicePorts, networkId: string, forward: Forward): Promise<void> {
  const secret = await ports.records.secret(networkId)
  await ports.evaluator.ping({ host: '127.0.0.1', port: forward.port, secret }, limits.pingMs)
}

/** Starts the web IDE, or finds it running; null when the master has none. */
export async function startIde(connection: SshConnection, stop: Stop): Promise<z.infer<typeof IdeAnswer> | null> {
  const { stdout, stderr, exitCode } = await connection.exec('sh ~/.rmada/ide.sh start', {
    timeoutMs: limits.ideStartMs, ...stop
  })
  if (exitCode === noIde) return null
  const answer = exitCode === 0 ? parsed(IdeAnswer, stdout) : null
  if (answer) return answer
  const why = lastLine(stderr).replace(/^rmada: /, '')
  throw new RmadaError('IDE_UNAVAILABLE',
    `The web IDE did not start on the master: ${why || `its script ended with code ${exitCode}`}`,
    { suggestion: 'Look at ~/.rmada/ide.log on the master.' })
}

/** What a script printed is parsed, like every message from elsewhere. */
function parsed<T>(schema: z.ZodType<T>, stdout: string): T | null {
  try {
    return schema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  } catch {
    return null
  }
}
