import type { Finding, LaunchOptions, NetworkSpec, NetworkVolume, Plan } from '../../../contract/index.ts'

/**
 * The form as it stands. Text and numbers are kept as typed: judging them is the plan's business, so that the window
 * and every other client get the same sentence. An empty field means its default; an emptied name is judged as empty.
 */
export interface Draft {
  readonly name: string | null
  readonly region: string | null
  readonly instanceType: string | null
  readonly image: string | null
  readonly zone: string | null
  readonly instances: number | null
  readonly slotsPerHost: number | null
  /** R packages; none when empty. */
  readonly packages: readonly string[]
  readonly options: LaunchOptions
  /** An existing one is named by an empty id until it is chosen. */
  readonly volume: NetworkVolume | null
}

export const emptyDraft: Draft = {
  name: null,
  region: null,
  instanceType: null,
  image: null,
  zone: null,
  instances: null,
  slotsPerHost: null,
  packages: [],
  options: {},
  volume: null
}

/** What stands in a catalogue belongs to its region, so a change of region forgets it. */
export function withRegion(draft: Draft, region: string | null): Draft {
  if (region === draft.region) return draft
  const { keyPair: _keyPair, privateKeyFile: _file, securityGroup: _group, subnet: _subnet, ...options } = draft.options
  return { ...draft, region, instanceType: null, image: null, zone: null, options, volume: null }
}

/** What the manager is asked; null while there is no region, the one thing without a default. */
export function specOf(draft: Draft): NetworkSpec | null {
  if (draft.region === null) return null
  return {
    region: draft.region,
    ...(draft.name !== null && { name: draft.name }),
    ...(draft.instanceType !== null && { instanceType: draft.instanceType }),
    ...(draft.image !== null && { image: draft.image }),
    ...(draft.zone !== null && { zone: draft.zone }),
    ...(draft.instances !== null && { instances: draft.instances }),
    ...(draft.slotsPerHost !== null && { slotsPerHost: draft.slotsPerHost }),
    ...draft.options,
    ...(draft.volume !== null && !('id' in draft.volume && draft.volume.id === '') && { volume: draft.volume }),
    ...(draft.packages.length > 0 && { packages: [...draft.packages] })
  }
}

/** The spec of a plan for launching: exactly what the review showed, defaults included. */
export function specOfPlan(plan: Plan): NetworkSpec | null {
  if (plan.spec === null) return null
  // The login name alone is not asked for but follows from the image.
  const { user: _user, ...spec } = plan.spec
  return spec
}

/** What is said about one field, the gravest first. */
export function findingsFor(plan: Plan | undefined, field: keyof Draft | keyof LaunchOptions): Finding[] {
  return byGravity(plan?.findings ?? []).filter((finding) => finding.field === field)
}

const gravity = { error: 0, warning: 1, info: 2 } as const

export function byGravity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((one, other) => gravity[one.level] - gravity[other.level])
}

/** True when nothing keeps the plan from being launched. */
export function isLaunchable(plan: Plan | undefined): plan is Plan & { spec: NonNullable<Plan['spec']> } {
  return plan !== undefined && plan.spec !== null && plan.findings.every((finding) => finding.level !== 'error')
}
