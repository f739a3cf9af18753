import { z } from 'zod'

/** One thing in the cloud that carries Rmada's tags while no network of this computer accounts for it. */
export const Orphan = z.object({
  id: z.string(),
  kind: z.enum([
    'instance', 'volume', 'security-group', 'key-pair', 'placement-group', 'snapshot', 'spot-request'
  ]),
  name: z.string(),
  region: z.string(),
  state: z.string().describe('As the cloud calls it; empty for kinds without states.'),
  network: z.string().nullable().describe('Name of the network that it was made for, as its tags say.'),
  networkId: z.string().nullable(),
  inUse: z.boolean().describe('Its network has instances that run: it may be at work, from another computer.'),
  pricePerHour: z.number().nullable().describe('USD; 0 where it costs nothing, null where its price is not known.')
})
export type Orphan = z.infer<typeof Orphan>

/** All of them in one region. */
export const Orphans = z.object({
  region: z.string(),
  orphans: z.array(Orphan),
  pricePerHour: z.number().nullable().describe('USD an hour of all; null where a price is not known.')
})
export type Orphans = z.infer<typeof Orphans>
