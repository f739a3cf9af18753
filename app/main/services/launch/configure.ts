import { RmadaError } from '../../core/error.ts'
import { hostfile, hostsLines, inOrder, knownHosts } from '../../core/host-names.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import { roleTag } from '../../core/resource-names.ts'
import { lastLine, scriptWith } from '../../core/shell-text.ts'
import { limits } from '../limits.ts'
import { aliveInstances, masterOf } from '../reach/connections.ts'
import { installAll } from './install.ts'
import type { Work } from './work.ts'
import { networkOf, nodeName, nodesOf, onEachNode, onNode, recordIn } from './work.ts'

/**
 * Installs what the nodes lack, then configures all at once by resources/bootstrap/configure.sh, once the master has
 * made the cluster's key.
 */
export async function configureAll(work: Work): Promise<void> {
  await installAll(work)
  const network = networkOf(work)
  const master = masterOf(network)
  const script = await work.ports.readResource('resources/bootstrap/configure.sh')
  work.progress.begin('configure', `Making the key of the cluster on ${nodeName(master)}.`)
  const clusterKey = (await runOn(work, master, scriptWith({ MODE: 'key' }, script))).trim()
  if (!/^ssh-ed25519 [A-Za-z0-9+/=]+( .*)?$/.test(clusterKey)) {
    throw failed(master, 'it did not make the key of the cluster')
  }

  const nodes = nodesOf(work)
  const shared = {
    MODE: 'node',
    CLUSTER_KEY: clusterKey,
    KNOWN_HOSTS: knownHosts(nodes).trimEnd(),
    HOSTS: hostsLines(nodes).trimEnd(),
    HOSTFILE: hostfile(nodes, recordIn(work).spec.slotsPerHost),
    NODES: [...new Set(inOrder(nodes).flatMap(node => [node.hostName, node.privateIp]).filter(Boolean))].join(' ')
  }
  const instances = aliveInstances(network)
  let configured = 0
  await onEachNode(instances, limits.parallelConnections, async instance => {
    const ROLE = instance.tags[roleTag] === 'master' ? 'master' : 'slave'
    await runOn(work, instance, scriptWith({ ...shared, ROLE }, script))
    configured += 1
    work.progress.update(configured / instances.length, `${configured} of ${instances.length} nodes are configured.`)
  })
}

async function runOn(work: Work, instance: InstanceRecord, script: string): Promise<string> {
  return onNode(instance, async () => {
    const connection = await work.connections.to(networkOf(work), instance, { signal: work.signal })
    const { stdout, stderr, exitCode } = await connection.exec('sh -s', {
      stdin: script, signal: work.signal, timeoutMs: limits.configureMs
    })
    if (exitCode !== 0) throw failed(instance, lastLine(stderr) || `the script ended with code ${exitCode}`)
    return stdout
  })
}

function failed(instance: InstanceRecord, why: string): RmadaError {
  return new RmadaError('CONFIGURE_FAILED',
    `Configuring ${nodeName(instance)} failed: ${why.replace(/^rmada: /, '')}`, {
    suggestion: 'Repair the network to try again, or terminate it.', details: { instance: instance.id }
  })
}
