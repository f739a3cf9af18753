import { randomBytes } from 'node:crypto'
import type { RandomHex } from '../../core/ports/index.ts'

/** Randomness fit for secrets. */
export const randomHex: RandomHex = (bytes) => randomBytes(bytes).toString('hex')
