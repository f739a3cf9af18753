import type { Finding, InstanceType, PermissionCheck, ResolvedSpec } from '../../../contract/index.ts'
import type { Cloud } from '../../core/ports/index.ts'
import type { KeyRing } from '../keys/key-ring.ts'

/** What a check looks at. */
export interface Subject {
  readonly spec: ResolvedSpec
  readonly types: readonly InstanceType[]
  readonly cloud: Cloud
  /** The user's own address as the cloud sees it, as CIDR. */
  /** What the user's private key in a file, or those of the agent, can be matched by. */
  readonly keyTraits: KeyRing['traits']
  readonly ownAddress: () => Promise<string>
  readonly permissions: () => Promise<readonly PermissionCheck[]>
  readonly vcpuLimit: (code: string) => Promise<number | null>
}

/** One look at the account before anything is rented. Rents and changes nothing. */
export interface Check {
  /** What it is about, as in "The quota could not be checked". */
  readonly about: string
  readonly field: string | null
  find(subject: Subject): Promise<readonly Finding[]>
}

export const fault = (code: string, field: string | null, message: string, suggestion: string): Finding =>
  ({ level: 'error', code, field, message, suggestion })
export const caution = (code: string, field: string | null, message: string, suggestion: string): Finding =>
  ({ level: 'warning', code, field, message, suggestion })
