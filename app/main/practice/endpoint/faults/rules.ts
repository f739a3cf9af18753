import { z } from 'zod'

const Share = z.number().min(0).max(1)
const Milliseconds = z.number().int().min(0).max(3_600_000)

/** What can go wrong with a node: it stays pending, ends at its boot, its sshd is silent, its console shows no keys. */
export const NodeFault = z.enum(['never-boots', 'dies', 'ssh-silent', 'no-host-keys'])
export type NodeFault = z.infer<typeof NodeFault>

/** What goes wrong in the practice cloud. What is left out goes well. */
export const FaultRules = z.strictObject({
  /** Everything that happens by chance follows from it, call by call and node by node. */
  seed: z.number().int().default(1),
  /** Share of calls that are answered RequestLimitExceeded. */
  throttle: Share.default(0),
  /** Share of calls whose answer is lost on its way, after the work was done. */
  lostAnswers: Share.default(0),
  /** How long a new instance is unknown to calls by its id and missing in lists. */
  lateMs: Milliseconds.default(0),
  /** How long a security group counts as in use after its last instance has ended. */
  groupInUseMs: Milliseconds.default(0),
  bootDelayMs: Milliseconds.default(0),
  /** At most `count` instances at a time of this type, in this zone; left out: of any, in any. */
  capacity: z.array(z.strictObject({
    type: z.string().optional(), zone: z.string().optional(), count: z.number().int().min(0)
  })).default([]),
  /** Which nodes are struck: the next `next` of them, or each with the chance `share`. */
  nodes: z.array(z.strictObject({
    fault: NodeFault, next: z.number().int().min(0).optional(), share: Share.optional()
  })).default([])
})
export type FaultRules = z.infer<typeof FaultRules>
