import { randomBytes } from 'node:crypto'
import type { Network, Task } from '../../app/contract/index.ts'
import { followTask } from '../../app/main/shells/cli/follow-task.ts'
import { runInNotebook } from './jupyter.ts'
import { installPackage, typeIntoR } from './r-console.ts'
import type { Steps } from './report.ts'
import type { Stage } from './stage.ts'

const name = 'demo'

export interface DemoOptions {
  readonly instances: number
  readonly backend: string
  /** Progress below the steps. */
  readonly note: (line: string) => void
}

/** The cluster's part of the work: which hosts the ranks ran on. */
function distinctHosts(lines: string): string[] {
  return [...new Set(lines.split(/\s+/).filter((word) => word !== ''))].sort()
}

function insist(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(sentence)
}

/** The launch task in two parts, as the report names them: until the instances run, and until MPI and R answer. */
function recordLaunch(steps: Steps, task: Task, network: Network): void {
  const isLaunch = (step: string): boolean =>
    ['key-pair', 'security-group', 'placement-group', 'instances', 'open-ssh', 'wait-running'].includes(step)
  const spent = (wanted: boolean): number =>
    Math.round(task.steps.filter((step) => isLaunch(step.name) === wanted).reduce((sum, { ms }) => sum + (ms ?? 0), 0))
  const check = task.steps.find((step) => step.name === 'check-mpi')
  steps.record({
    name: 'launch',
    ok: true,
    ms: spent(true),
    detail: `${network.instances.length} x ${network.instanceType} run`
  })
  steps.record({ name: 'configure', ok: true, ms: spent(false), detail: check?.message ?? 'All nodes are configured.' })
}

async function launch({ client }: Stage, steps: Steps, { instances, note }: DemoOptions): Promise<Network> {
  const started = performance.now()
  try {
    const task = await client.call('networks.launch', { name, region: 'practice-1', instances })
    const ended = await followTask(client, task, note)
    const network = await client.call('networks.get', { name })
    insist(
      network.status === 'running' && network.instances.length === instances,
      `The network is ${network.status} with ${network.instances.length} instances.`
    )
    recordLaunch(steps, ended, network)
    return network
  } catch (error) {
    steps.record({
      name: 'launch',
      ok: false,
      ms: Math.round(performance.now() - started),
      detail: error instanceof Error ? error.message : String(error)
    })
    throw error
  }
}

/** The whole tour; resolves with the host names that MPI's ranks reported. */
export async function runSteps(stage: Stage, steps: Steps, options: DemoOptions): Promise<readonly string[]> {
  const { client, environment } = stage
  const onMaster = async (command: string): Promise<string> => {
    const done = await client.call('networks.exec', { name, command })
    insist(done.exitCode === 0, `${command} ended with code ${done.exitCode}: ${done.stderr.slice(-500)}`)
    return done.stdout.trim()
  }
  const network = await launch(stage, steps, options)
  const ranks = network.instances.length * network.slotsPerHost
  // Machines of this backend are one computer: Rmada says so instead of counting its name several times.
  const shared = options.backend === 'processes'
  const wantedHosts = shared ? 1 : network.instances.length
  const where = shared ? 'all on this machine, which its practice machines share' : `on ${wantedHosts} hosts`

  let hosts: string[] = []
  await steps.run('mpirun', async () => {
    const output = await onMaster(`mpirun --hostfile ~/ompi-hostfile -np ${ranks} hostname`)
    insist(output.split('\n').length === ranks, `${output.split('\n').length} of ${ranks} ranks answered.`)
    hosts = distinctHosts(output)
    insist(
      hosts.length === wantedHosts,
      `The ranks ran on ${hosts.length} hosts instead of ${wantedHosts}: ${hosts.join(', ')}`
    )
    return `${ranks} ranks ${where}: ${hosts.join(', ')}`
  })

  const library = await installPackage(environment)
  const connect = ['ppe.launchNetworkManager()', `ppe.startClient("${name}")`]
  await steps.run('r-eval', async () => {
    const shown = await typeIntoR(library, [...connect, 're(1+1)', 'ppe.closeClient()'], environment)
    insist(/^> re\(1\+1\)\n\[1\] 2$/m.test(shown), `R showed something else: ${shown.slice(-1000)}`)
    return 're(1+1) typed into R shows [1] 2'
  })

  await steps.run('r-mpi', async () => {
    const spawn = [
      'library(Rmpi)',
      `mpi.spawn.Rslaves(nslaves = ${ranks - 1}, needlog = FALSE)`,
      'names <- unlist(mpi.remote.exec(Sys.info()[["nodename"]]))',
      'mpi.close.Rslaves()',
      'names'
    ]
    const shown = await typeIntoR(
      library,
      [
        ...connect,
        `slaves <- re({ ${spawn.join('; ')} })`,
        'cat("slaves:", as.character(slaves), "\\n")',
        'ppe.closeClient()'
      ],
      environment
    )
    const answered = /^slaves: (.*)$/m.exec(shown)?.[1]?.trim().split(/\s+/) ?? []
    insist(
      answered.length === ranks - 1,
      `${answered.length} of ${ranks - 1} Rmpi slaves answered: ${shown.slice(-1500)}`
    )
    const others = distinctHosts(answered.join(' ')).filter(
      (host) => host !== network.instances.find(({ role }) => role === 'master')?.hostName
    )
    insist(shared || others.length === network.instances.length - 1, `The slaves ran on: ${answered.join(', ')}`)
    return `${answered.length} Rmpi slaves ${shared ? where : `on the other hosts, too: ${others.join(', ')}`}`
  })

  await steps.run('ide', async () => {
    const { url, kind } = await client.call('ide.open', { name })
    const isLocal = new URL(url).hostname === '127.0.0.1' || new URL(url).hostname === 'localhost'
    insist(isLocal, 'The web IDE is not reached through this computer.')
    if (kind === 'rstudio') {
      const { status } = await fetch(url, { signal: AbortSignal.timeout(60_000) })
      insist(status === 200, `RStudio Server answers ${status}.`)
      const value = await onMaster(`R --quiet --no-save --vanilla -e '1+1'`)
      insist(value.includes('[1] 2'), `Its R says: ${value}`)
      return `RStudio Server answers on ${new URL(url).host}; its R says [1] 2`
    }
    const value = await runInNotebook(url, '1+1')
    insist(value.trim() === '[1] 2', `1+1 gave: ${value}`)
    return `The Jupyter notebook on ${new URL(url).host} runs 1+1 in its R: ${value.trim()}`
  })

  await steps.run('reboot', async () => {
    const token = randomBytes(8).toString('hex')
    await onMaster(`echo ${token} > ~/kept`)
    await followTask(client, await client.call('networks.reboot', { name }), options.note)
    insist(
      (await client.call('networks.get', { name })).status === 'running',
      'The network is not running after the reboot.'
    )
    insist((await onMaster('cat ~/kept')) === token, 'What was on the disk before the reboot is not there.')
    return 'running again, and the disk was kept'
  })

  await steps.run('terminate', async () => {
    await followTask(client, await client.call('networks.terminate', { name }), options.note)
    const rest = await client.call('networks.list', {})
    insist(rest.length === 0, `Still there: ${rest.map((one) => `${one.name} (${one.status})`).join(', ')}`)
    return 'the network and all that was created for it are gone'
  })
  return hosts
}

/** After a failure or an interruption: ends what is still at work and what is still rented. */
export async function terminateRest({ client }: Stage): Promise<string[]> {
  for (const task of await client.call('tasks.list', {})) {
    if (task.state !== 'running') continue
    if (task.cancellable) await client.call('tasks.cancel', { id: task.id })
    // How it ends does not matter here, only that it has ended.
    await followTask(client, task, () => undefined).catch(() => undefined)
  }
  for (const { name: rest } of await client.call('networks.list', {})) {
    await followTask(client, await client.call('networks.terminate', { name: rest }), () => undefined)
  }
  return []
}
