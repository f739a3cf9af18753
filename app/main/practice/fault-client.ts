import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RmadaError } from '../core/error.ts'
import { practiceRegion } from './catalogue.ts'
import { FaultRules } from './endpoint/faults/rules.ts'
import { signedHeaders, type Credentials } from './endpoint/protocol/signature.ts'

/** A practice cloud that runs, and the credentials that it knows. */
export interface PracticeAddress extends Credentials { readonly endpoint: string }

/** The practice cloud that keeps its state in this directory, if one runs there now. */
export async function findPractice(stateDirectory: string): Promise<PracticeAddress | null> {
  for (const backend of ['namespaces', 'processes', 'none']) {
    try {
      const read = async (name: string): Promise<Record<string, string>> =>
        JSON.parse(await readFile(join(stateDirectory, backend, name), 'utf8')) as Record<string, string>
      const [{ endpoint = '' }, { accessKeyId = '', secretAccessKey = '' }] = await Promise.all([
        read('endpoint.json'), read('credentials.json')
      ])
      return { endpoint, accessKeyId, secretAccessKey }
    } catch {
      // None of this kind runs here.
    }
  }
  return null
}

/** Sets the faults of a running practice cloud; `null` only asks which there are. Both resolve with what holds now. */
export async function steerFaults(practice: PracticeAddress, rules: FaultRules | null): Promise<FaultRules> {
  const body = new URLSearchParams({
    Version: '2016-11-15',
    ...(rules === null ? { Action: 'RmadaDescribeFaults' } : { Action: 'RmadaSetFaults', Faults: JSON.stringify(rules) })
  }).toString()
  const { host } = new URL(practice.endpoint)
  let text: string
  try {
    const answer = await fetch(practice.endpoint, {
      method: 'POST', body, signal: AbortSignal.timeout(10_000),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...signedHeaders(body, host, practice, practiceRegion, new Date())
      }
    })
    text = await answer.text()
  } catch (cause) {
    throw new RmadaError('ENDPOINT_UNREACHABLE', `No practice cloud answers at ${practice.endpoint}.`, {
      suggestion: 'Start one with: rmada practice', cause
    })
  }
  const holds = /<faults>([^<]*)<\/faults>/.exec(text)?.[1]
  if (holds === undefined) {
    const why = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? 'it is no practice cloud of Rmada'
    throw new RmadaError('CLOUD_ERROR', `The practice cloud did not take the faults: ${unescaped(why)}`, {
      suggestion: 'Check the faults, and that the credentials are those that the practice cloud printed.'
    })
  }
  return FaultRules.parse(JSON.parse(unescaped(holds)))
}

const unescaped = (text: string): string => text
  .replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>')
  .replaceAll('&apos;', "'").replaceAll('&amp;', '&')
