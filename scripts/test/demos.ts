// Runs `npm run demo -- --json` on every practice backend of this machine, `processes` also as an unprivileged user, and
// holds it to what the README promises.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { chooseBackend } from '../../app/main/practice/machines/create.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const Report = z.object({
  ok: z.boolean(),
  backend: z.string(),
  hosts: z.array(z.string()),
  steps: z.array(z.object({ name: z.string(), ok: z.boolean(), ms: z.number(), detail: z.string() })),
  leftovers: z.array(z.string())
})
const steps = ['launch', 'configure', 'mpirun', 'r-eval', 'r-mpi', 'ide', 'reboot', 'terminate']

/** Runs one demo and returns what is wrong with it; an empty list is a success. */
function faultsOf(backend: string, asUser: readonly string[]): string[] {
  const [program, args] = asRunBy(asUser, [process.execPath, 'scripts/demo.ts', '--json', '--backend', backend])
  const run = spawnSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 240_000 })
  const parsed = Report.safeParse(safeJson(run.stdout))
  if (!parsed.success) return [`standard output is not one JSON report: ${run.stdout.slice(0, 500)}`]
  const report = parsed.data
  const faults = []
  if (run.status !== 0) faults.push(`exit code ${run.status}`)
  if (!report.ok) faults.push(`not ok: ${JSON.stringify(report.steps.filter((step) => !step.ok))}`)
  if (report.backend !== backend) faults.push(`ran on ${report.backend}`)
  if (report.leftovers.length > 0) faults.push(`left behind: ${report.leftovers.join(', ')}`)
  for (const name of steps) if (!report.steps.some((step) => step.name === name && step.ok)) faults.push(`no step "${name}"`)
  if (backend === 'namespaces' && new Set(report.hosts).size !== 3) faults.push(`hosts are ${report.hosts.join(', ')}`)
  return faults
}

/** The command, run through another one (`setpriv …`) when there is one. */
function asRunBy(runner: readonly string[], command: readonly string[]): [program: string, args: string[]] {
  const [program, ...args] = [...runner, ...command]
  if (program === undefined) throw new Error('There is no command to run.')
  return [program, args]
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

interface DemoRun { readonly name: string; readonly backend: string; readonly asUser: readonly string[] }

/** An account without rights and without a home, as root can become it. */
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'env', 'HOME=/nonexistent', 'USER=nobody']

/** The runs that this machine allows; each that it does not is named with the reason. */
function possibleRuns(): DemoRun[] {
  const runs: DemoRun[] = [{ name: 'processes', backend: 'processes', asUser: [] }]
  const namespaces = chooseBackend('namespaces')
  if (namespaces.available) runs.unshift({ name: 'namespaces', backend: 'namespaces', asUser: [] })
  else console.log(`demo on namespaces: skipped. ${namespaces.explanation}`)
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.log('demo on processes as nobody: skipped, because only root on Linux can become another user.')
  } else if (spawnSync('setpriv', [...nobody.slice(1), 'head', '-c', '1', 'package.json'], { cwd: root }).status !== 0) {
    console.log('demo on processes as nobody: skipped, because that user may not read this checkout.')
  } else {
    runs.push({ name: 'processes as nobody', backend: 'processes', asUser: nobody })
  }
  return runs
}

let failed = 0
for (const run of possibleRuns()) {
  const faults = faultsOf(run.backend, run.asUser)
  console.log(faults.length === 0 ? `demo on ${run.name}: ok` : `demo on ${run.name}: ${faults.join('; ')}`)
  if (faults.length > 0) failed += 1
}
process.exit(failed === 0 ? 0 : 1)
