import type { Choice, ErrorCode } from '../../contract/index.ts'

/** Why a task is in trouble, as far as the rules need it. Plain data. */
export interface Trouble {
  /** Ids of the nodes that are to blame; empty when it is about none in particular. */
  readonly nodes: readonly string[]
  /** How many nodes the network was to have. */
  readonly expected: number
  /**
   * The cloud said that it rents nothing, and why. Null when it did not say so: then something may have been rented of
   * which nobody was told, and nothing may be rented in another way.
   */
  readonly refused: 'capacity' | 'quota' | null
  /** The nodes are, or were to be, Spot instances. */
  readonly spot: boolean
}

/** What is known when the choices are weighed. */
export interface Standing {
  readonly trouble: Trouble
  /** Whether the trouble came while instances were rented. */
  readonly renting: boolean
  readonly launching: boolean
  /** Whether this task rented the machines, so that it may give all back. */
  readonly takesBack: boolean
  /** How many nodes there are without those in trouble. */
  readonly healthy: number
  /** Whether what is rented could be looked up; without that nothing is rented or given up. */
  readonly certain: boolean
}

/** The choices that make sense, the gentlest first. Never empty: one can always try again or stop. */
export function choicesFor(standing: Standing): readonly Choice[] {
  const { trouble, renting, launching, takesBack, healthy, certain } = standing
  const lacking = trouble.expected - healthy
  const aboutNodes = !renting && (trouble.nodes.length > 0 || lacking > 0)
  const refused = renting && trouble.refused !== null
  const choices: Choice[] = ['wait']
  if (certain && aboutNodes && lacking > 0) choices.push('replace')
  // All would be given back for it: only where none holds anybody's work yet.
  if (certain && launching && (trouble.refused === 'capacity' && renting || aboutNodes)) choices.push('other-zone')
  if (certain && trouble.spot && (refused || aboutNodes && lacking > 0)) choices.push('on-demand')
  if (certain && (aboutNodes || refused) && (healthy > 0 || refused && trouble.expected > 1)) choices.push('continue')
  if (takesBack) choices.push('roll-back')
  choices.push('stop')
  return choices
}

/** Codes by which the cloud says that it rents nothing. */
export function refusalOf(code: ErrorCode): Trouble['refused'] {
  return code === 'CLOUD_CAPACITY' ? 'capacity' : code === 'CLOUD_QUOTA' ? 'quota' : null
}
