import { installParts, installScript } from '../../core/bootstrap/install-script.ts'
import type { InstallParts, PackageManager } from '../../core/bootstrap/install-script.ts'
import { RmadaError } from '../../core/error.ts'
import type { InstanceRecord, SshConnection } from '../../core/ports/index.ts'
import { roleTag } from '../../core/resource-names.ts'
import { lastLine } from '../../core/shell-text.ts'
import { limits } from '../limits.ts'
import { aliveInstances, masterOf } from '../reach/connections.ts'
import type { Work } from './work.ts'
import { networkOf, nodeName, onEachNode, onNode, recordIn } from './work.ts'

/** Lines of the script's output that a failure carries. */
const linesInError = 12

/** Installs on all nodes at once what they lack; what they print streams into the task's log. */
export async function installAll(work: Work): Promise<void> {
  const network = networkOf(work)
  work.progress.begin('install', 'Looking at what the nodes have.')
  const parts = await readParts(work)
  const manager = await packageManager(await work.connections.toMaster(network, { signal: work.signal }), work.signal)
  const instances = aliveInstances(network)
  const master = masterOf(network)
  let ready = 0
  await onEachNode(instances, limits.parallelConnections, async instance => {
    const role = instance.tags[roleTag] === 'master' ? 'master' : 'slave'
    const { packages = [] } = recordIn(work).spec
    await installOn(work, instance, installScript({ role, packages, webIde: true }, manager, parts), step => {
      // One line of news for all nodes: the master has the most to do.
      if (instance.id === master.id) work.progress.update(ready / instances.length, `${nodeName(instance)}: ${step}.`)
    })
    ready += 1
    work.progress.update(ready / instances.length, `${ready} of ${instances.length} nodes have all parts.`)
  })
}

async function installOn(
  work: Work, instance: InstanceRecord, script: string, onStep: (step: string) => void
): Promise<void> {
  await onNode(instance, async () => {
    const connection = await work.connections.to(networkOf(work), instance, { signal: work.signal })
    await connection.writeFile('~/.rmada/install.sh', script, 0o700)
    // Not by standard input: a command whose input was closed could not be cancelled.
    const { stdout, stderr, exitCode } = await connection.exec('sh ~/.rmada/install.sh', {
      signal: work.signal, timeoutMs: limits.installMs,
      onOutput: chunk => {
        work.progress.log(nodeName(instance).split(' ')[0] ?? instance.id, chunk)
        const step = chunk.split('\n').findLast(line => line.startsWith('==> '))
        if (step !== undefined) onStep(step.slice(4).trim())
      }
    })
    if (exitCode === 0) return
    const why = lastLine(stderr).replace(/^rmada: /, '') || `the script ended with code ${exitCode}`
    throw new RmadaError('CONFIGURE_FAILED', `Installing on ${nodeName(instance)} failed: ${why.replace(/[.]?$/, '.')}`, {
      suggestion: 'Look at the log of the task, then repair the network to try again, or terminate it.',
      details: { instance: instance.id, lastLines: lastLines(`${stdout}\n${stderr}`) }
    })
  })
}

async function readParts(work: Work): Promise<InstallParts> {
  const texts = await Promise.all(installParts.map(async part =>
    [part, await work.ports.readResource(`resources/bootstrap/install/${part}.sh`)] as const))
  return Object.fromEntries(texts) as InstallParts
}

/** All nodes are of one image, so the master answers for them. */
async function packageManager(connection: SshConnection, signal: AbortSignal): Promise<PackageManager> {
  const { exitCode } = await connection.exec('command -v dnf >/dev/null && ! command -v apt-get >/dev/null', {
    signal, timeoutMs: limits.pingMs
  })
  return exitCode === 0 ? 'dnf' : 'apt'
}

function lastLines(text: string): string {
  return text.split('\n').filter(line => line.trim() !== '').slice(-linesInError).join('\n').slice(-2000)
}
