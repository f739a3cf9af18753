import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { cloudLeftovers, localLeftovers } from './demo/leftovers.ts'
import { createSteps, reason } from './demo/report.ts'
import type { DemoReport } from './demo/report.ts'
import { openStage } from './demo/stage.ts'
import type { Stage } from './demo/stage.ts'
import { runSteps, terminateRest } from './demo/steps.ts'

// `npm run demo`: the main job without a mouse, from launch to nothing left.

const usage = 'npm run demo [-- --json] [--backend auto|namespaces|processes] [--instances N] [--keep-log]'

interface Options {
  readonly json: boolean
  readonly backend: string
  readonly instances: number
  readonly keepLog: boolean
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      backend: { type: 'string', default: 'auto' },
      instances: { type: 'string', default: '3' },
      'keep-log': { type: 'boolean', default: false }
    }
  })
  const instances = Number(values.instances)
  if (!['auto', 'namespaces', 'processes'].includes(values.backend))
    throw new Error(`There is no backend named: ${values.backend}`)
  if (!Number.isInteger(instances) || instances < 2 || instances > 20)
    throw new Error('--instances must be a whole number from 2 to 20.')
  return { json: values.json, backend: values.backend, instances, keepLog: values['keep-log'] }
}

/** Ends everything, whatever came before, and tells what is left. */
async function clean(
  stage: Stage,
  backend: string,
  keepLog: boolean,
  print: (line: string) => void
): Promise<string[]> {
  const left: string[] = []
  const attempt = async (work: () => Promise<string[]> | string[]): Promise<void> => {
    try {
      left.push(...(await work()))
    } catch (error) {
      left.push(reason(error))
    }
  }
  await attempt(() => terminateRest(stage))
  await attempt(() => cloudLeftovers(stage))
  await attempt(async () => {
    await stage.close()
    return []
  })
  await attempt(() => localLeftovers(stage, backend))
  if (keepLog) print(`Logs and state are kept in ${stage.folder}`)
  else
    await attempt(() => {
      rmSync(stage.folder, { recursive: true })
      return []
    })
  return left
}

async function perform(options: Options): Promise<void> {
  const lines = options.json ? process.stderr : process.stdout
  const print = (line: string): void => { lines.write(`${line}\n`) }
  const interrupted = Promise.withResolvers<never>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupted.reject(new Error('The demo was interrupted.'))
    })
  }
  // Also an interruption that comes when nobody waits any more is no defect.
  interrupted.promise.catch(() => undefined)
  const steps = createSteps(print)
  const note = (line: string): void => {
    if (options.keepLog) print(`     ${line}`)
  }
  let backend = options.backend
  let hosts: readonly string[] = []
  let done = false
  let leftovers: readonly string[] = []
  try {
    const stage = await openStage(options.backend)
    try {
      const { practice } = await stage.client.call('manager.info', {})
      backend = practice.backend
      print(`Practice cloud: ${backend}. ${practice.explanation}`)
      hosts = await Promise.race([runSteps(stage, steps, { ...options, backend, note }), interrupted.promise])
      done = true
    } finally {
      leftovers = await clean(stage, backend, options.keepLog, print)
    }
  } catch (error) {
    print(reason(error))
  }
  for (const one of leftovers) print(`LEFT ${one}`)
  const ok = done && leftovers.length === 0 && steps.reports.every((step) => step.ok)
  const report: DemoReport = { ok, backend, hosts, steps: steps.reports, leftovers }
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else print(ok ? 'All is well, and nothing is left.' : 'The demo did not succeed.')
  // What an interrupted step still waits for must not keep the process.
  process.exit(ok ? 0 : 1)
}

try {
  await perform(readOptions())
} catch (error) {
  process.stderr.write(`${reason(error)}\nUsage: ${usage}\n`)
  process.exit(2)
}
