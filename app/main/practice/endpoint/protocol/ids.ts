import { randomBytes } from 'node:crypto'
import { malformedId } from './error.ts'

/** Kinds of things with ids; the prefix tells the kind. */
export type IdPrefix =
  'i' | 'ami' | 'r' | 'key' | 'sg' | 'sgr' | 'pg' | 'vpc' | 'subnet' | 'vol' | 'snap' | 'eni' | 'eni-attach' | 'sir' | 'dopt'

/** A fresh id: prefix and 17 hexadecimal digits, as EC2 gives since 2018. */
export const freshId = (prefix: IdPrefix): string => `${prefix}-${randomBytes(9).toString('hex').slice(0, 17)}`

/** Refuses values that are not ids of this kind, before anything is looked up. */
export function checkIdForm(ids: readonly string[], prefix: string, code: string): void {
  const form = new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`)
  for (const id of ids) if (!form.test(id)) throw malformedId(code, id, prefix)
}
