import { RmadaError } from '../../core/error.ts'
import { distinctHosts } from '../../core/host-names.ts'
import { mpiFault } from '../../core/mpi-check.ts'
import { lastLine } from '../../core/shell-text.ts'
import { limits } from '../limits.ts'
import { masterOf } from '../reach/connections.ts'
import type { Work } from './work.ts'
import { networkOf, nodesOf, recordIn } from './work.ts'

/** Runs one MPI rank in every slot, each of which says its host's name: only when all come back does MPI work. */
export async function checkMpi(work: Work): Promise<void> {
  const hosts = distinctHosts(nodesOf(work))
  const { slotsPerHost } = recordIn(work).spec
  const ranks = hosts.reduce((sum, host) => sum + host.nodes * slotsPerHost, 0)
  work.progress.begin('check-mpi', `Starting one MPI rank in each of ${ranks} slots (hosts: ${hosts.length}).`)
  const command = `mpirun --hostfile ~/ompi-hostfile -np ${ranks} hostname`
  const connection = await work.connections.toMaster(networkOf(work), { signal: work.signal })
  const { stdout, stderr, exitCode } = await connection.exec(command, {
    signal: work.signal, timeoutMs: limits.mpiMs + limits.mpiMsPerNode * hosts.length
  })
  const fault = exitCode === 0
    ? mpiFault(stdout, ranks, hosts.length)
    : lastMeaningful(stderr) || `mpirun ended with code ${exitCode}`
  if (fault !== null) {
    throw new RmadaError('HEALTH_CHECK_FAILED',
      `MPI does not reach all nodes from ${masterOf(networkOf(work)).id}: ${fault}`, {
      suggestion: 'Repair the network to try again, or terminate it.',
      details: { stderr: stderr.slice(-2000) }
    })
  }
  work.progress.update(1, hosts.length === 1 && nodesOf(work).length > 1
    ? `All ${ranks} ranks came up, on this one computer that all nodes share.`
    : `All ${ranks} ranks came up (hosts: ${hosts.length}).`)
}

/** Open MPI frames what it has to say with lines of dashes and ends with advice; its first sentence says most. */
function lastMeaningful(stderr: string): string {
  const lines = stderr.split('\n').map(line => line.trim()).filter(line => /[A-Za-z]{3}/.test(line))
  return lines.find(line => /error|denied|refused|unable|not found|failed|cannot|could not/i.test(line))?.slice(0, 300)
    ?? lastLine(stderr)
}
