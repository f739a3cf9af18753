import { z } from 'zod'
import { ErrorShape, Rented } from './error.ts'

/**
 * What can be done when a task meets trouble. `wait`: try the same again, for as long again. `replace`: give the nodes
 * in trouble back and rent others. `other-zone`: give all back and rent all in another zone. `on-demand`: rent what is
 * missing at the full price, not as Spot. `continue`: go on with the nodes that are well, or with as many as the cloud
 * has. `roll-back`: give everything back. `stop`: end the task here and keep what is rented.
 */
export const Choice = z.enum(['wait', 'replace', 'other-zone', 'on-demand', 'continue', 'roll-back', 'stop'])
export type Choice = z.infer<typeof Choice>

/** The same chosen ahead, without a human; `ask` pauses the task until somebody chooses. */
export const OnFailure = z.enum(['ask', ...Choice.options])
export type OnFailure = z.infer<typeof OnFailure>

/** A question that a paused task asks: what went wrong, what is rented meanwhile, and what can be done. */
export const Question = z.object({
  id: z.string(),
  askedAt: z.string(),
  /** What failed and why. */
  trouble: ErrorShape.pick({ code: true, message: true, suggestion: true }),
  /** The nodes in trouble, by instance id. Empty when it is about none in particular. */
  nodes: z.array(z.object({ id: z.string(), hostName: z.string(), role: z.enum(['master', 'slave']) })),
  /** The last lines of the first such node's console; empty where there is none to show. */
  console: z.array(z.string()),
  rented: z.array(Rented),
  /** USD an hour of what is rented while nobody answers; null where a price is not known. */
  pricePerHour: z.number().nullable(),
  /** At least one; the zones are those that `other-zone` can take. */
  choices: z.array(z.object({
    choice: Choice, title: z.string(), detail: z.string(), zones: z.array(z.string()).optional()
  }))
})
export type Question = z.infer<typeof Question>
