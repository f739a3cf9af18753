import { parseArgs } from 'node:util'

/** Each bench by its name: reports as one JSON value, and says whether what it measured is as it must be. */
type Bench = (note: (line: string) => void) => Promise<{ report: object; good: boolean }>

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  faults: async () => {
    const { benchFaults } = await import('./faults.ts')
    return note => benchFaults(note, Number(values.runs ?? 200), Number(values.first ?? 0))
  },
  kill: async () => {
    const { benchKill } = await import('./kill.ts')
    return note => benchKill(note, Number(values.every ?? 1))
  }
}

const { values, positionals: [name = ''] } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, runs: { type: 'string' }, first: { type: 'string' }, every: { type: 'string' } }
})
const load = Object.hasOwn(benches, name) ? benches[name] : undefined
if (!load) {
  process.stderr.write(`Name a bench: ${Object.keys(benches).join(', ')}. For example: npm run bench -- faults --json\n`)
  process.exitCode = 2
} else {
  const bench = await load()
  const { report, good } = await bench(line => process.stderr.write(`${line}\n`))
  process.stdout.write(`${JSON.stringify(report, null, values.json ? 0 : 2)}\n`)
  if (!good) process.exitCode = 1
}
