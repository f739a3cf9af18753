import { z } from 'zod'
import { ResolvedSpec } from '../../../contract/index.ts'
import type { NetworkRecord } from '../../core/ports/index.ts'

/** A network record as it stands on disk; whatever else the file holds is dropped. */
export const NetworkRecordSchema: z.ZodType<NetworkRecord> = z.object({
  id: z.string(),
  spec: ResolvedSpec,
  createdAt: z.string(),
  clientToken: z.string(),
  hostKeys: z.record(z.string(), z.array(z.string())),
  configured: z.boolean(),
  failure: z.string().nullable(),
  terminating: z.boolean(),
  access: z.object({
    endpoint: z.string().nullable(), profile: z.string().nullable(), key: z.string().nullable().optional()
  }).optional()
})
