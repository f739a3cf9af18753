/** A limit of the account on running vCPUs: the code that Service Quotas has for it, and its name there. */
export interface VcpuQuota { readonly code: string; readonly name: string }

interface Family {
  /** The letters that the names of its types begin with. */
  readonly letters: readonly string[]
  readonly onDemand: VcpuQuota
  readonly spot: VcpuQuota | null
}

const family = (
  letters: string, onDemand: readonly [string, string], spot: readonly [string, string] | null
): Family => ({
  letters: letters.split(' '),
  onDemand: { code: onDemand[0], name: `Running On-Demand ${onDemand[1]} instances` },
  spot: spot && { code: spot[0], name: `All ${spot[1]} Spot Instance Requests` }
})

const standard = 'Standard (A, C, D, H, I, M, R, T, Z)'

/** AWS counts vCPUs by groups of families; each group has one limit on demand and one for Spot. */
const families: readonly Family[] = [
  family('a c d h i im is m r t z', ['L-1216C47A', standard], ['L-34B43A08', standard]),
  family('f', ['L-74FC7D96', 'F'], ['L-88CF9481', 'F']),
  family('g gr vt', ['L-DB2E81BA', 'G and VT'], ['L-3819A6DF', 'G and VT']),
  family('inf', ['L-1945791B', 'Inf'], ['L-B5D1601B', 'Inf']),
  family('p', ['L-417A185B', 'P'], ['L-7212CCBC', 'P4, P3 and P2']),
  family('x', ['L-7295265B', 'X'], ['L-E3A00192', 'X']),
  family('dl', ['L-6E869C2A', 'DL'], ['L-85EED4F7', 'DL']),
  family('trn', ['L-2C3B7624', 'Trn'], ['L-6B0D517C', 'Trn']),
  family('hpc', ['L-F7808C92', 'HPC'], null),
  family('u', ['L-43DA4232', 'High Memory'], null)
]

/** The limit that counts an instance type; null where none of those known does. */
export function vcpuQuotaOf(type: string, spot: boolean): VcpuQuota | null {
  const letters = /^[a-z]+/.exec(type)?.[0] ?? ''
  const found = families.find(one => one.letters.includes(letters))
  if (!found) return null
  // The Spot limit of family P stops at P4: newer ones have limits of their own.
  if (spot && letters === 'p' && !/^p[2-4]/.test(type)) return null
  return spot ? found.spot : found.onDemand
}

/** Every limit by code, once. */
export const vcpuQuotas: readonly VcpuQuota[] =
  families.flatMap(({ onDemand, spot }) => spot ? [onDemand, spot] : onDemand)
