// Writes the contract's wire schema to r-package/inst/contract.json, which the R package's tests read. A test holds the
// file to the contract: run `node scripts/run.mjs scripts/contract-json.ts` after a change.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PROTOCOL_VERSION, errorCodes, procedures } from '../app/contract/index.ts'

export const contractFile = join(import.meta.dirname, '../r-package/inst/contract.json')

/** The whole wire schema as the text of the file: protocol, error codes, and each procedure with its JSON Schemas. */
export function contractJson(): string {
  const wire = {
    protocol: PROTOCOL_VERSION,
    errors: errorCodes,
    procedures: Object.fromEntries(Object.entries(procedures).map(([name, one]) => [name, {
      kind: one.kind,
      audience: one.audience,
      summary: one.summary,
      input: z.toJSONSchema(one.input, { io: 'input' }),
      output: z.toJSONSchema(one.output, { io: 'output' })
    }]))
  }
  return `${JSON.stringify(wire, null, 1)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(contractFile, contractJson())
