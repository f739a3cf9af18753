// `npm test`: every check and suite, one after the other, with how long each took. `npm test -- unit e2e` runs only those named.
// Each suite must end by itself; one that hangs is ended after its limit and counts as failed.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runSuite } from './test/run-suite.ts'
import { suites } from './test/suites.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name))
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are: ${suites.map((suite) => suite.name).join(', ')}.`)
  process.exit(2)
}

let passed = 0
const failed: string[] = []
const skipped: string[] = []
const table: string[] = []
for (const suite of suites) {
  if (wanted.length > 0 && !wanted.includes(suite.name)) continue
  const missing = suite.needs.filter((file) => !existsSync(file))
  if (missing.length > 0) {
    console.log(`\n=== ${suite.name}: skipped, because this machine has no ${missing.join(', ')}`)
    skipped.push(suite.name)
    table.push(`${suite.name.padEnd(14)} skipped`)
    continue
  }
  console.log(`\n=== ${suite.name}: ${suite.about}`)
  const result = await runSuite(suite, root)
  table.push(`${suite.name.padEnd(14)} ${result.ok ? 'passed' : 'FAILED'} ${(result.ms / 1000).toFixed(1).padStart(7)} s`)
  if (result.ok) passed += 1
  else failed.push(suite.name)
}

console.log(`\n${table.join('\n')}`)
if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`)
console.log(`\n${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
process.exit(failed.length === 0 && passed > 0 ? 0 : 1)
