import { invalidValue } from './error.ts'
import type { Parameters } from './parameters.ts'

/** MaxResults and NextToken over items in a fixed order. */
export function page<Item>(
  parameters: Parameters,
  items: readonly Item[],
  sequenceOf: (item: Item) => number,
  limits: { least: number; most: number }
): { items: Item[]; nextToken: string | null } {
  const size = parameters.integer('MaxResults', limits.least, limits.most)
  const token = parameters.text('NextToken')
  const after = token === undefined || token === '' ? -1 : readToken(token)
  const ordered = items.filter((item) => sequenceOf(item) > after).sort((a, b) => sequenceOf(a) - sequenceOf(b))
  const shown = ordered.slice(0, size ?? limits.most)
  const last = shown.at(-1)
  const nextToken = last !== undefined && shown.length < ordered.length ? writeToken(sequenceOf(last)) : null
  return { items: shown, nextToken }
}

const writeToken = (sequence: number) => Buffer.from(JSON.stringify({ after: sequence })).toString('base64url')

function readToken(token: string): number {
  const match = /^\{"after":(\d{1,15})\}$/.exec(Buffer.from(token, 'base64url').toString())
  if (!match) throw invalidValue(token, 'nextToken', 'Unable to parse pagination token')
  return Number(match[1])
}
