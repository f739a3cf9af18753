import type { Finding } from '../../contract/index.ts'

/** Longest label of a host name (RFC 1123); node names are made from it. */
const longestName = 63

/**
 * What speaks against a network name, or null. Names become host names, tags and file names, so they follow the rule of
 * host name labels: letters, digits and hyphens, with a letter or digit at both ends.
 */
export function nameFinding(name: string): Finding | null {
  const fault = nameFault(name)
  if (fault === null) return null
  return {
    level: 'error', code: 'NETWORK_NAME_INVALID', field: 'name', message: fault,
    suggestion: 'Use letters, digits and hyphens, for example "my-network".'
  }
}

function nameFault(name: string): string | null {
  if (name.trim() === '') return 'The name of the network is empty.'
  if (name.length > longestName) {
    return `The name of the network is ${name.length} characters long, and ${longestName} are allowed.`
  }
  if (/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)) return null
  if (/^-|-$/.test(name)) return `The name of the network begins or ends with a hyphen: ${name}`
  return `The name of the network holds characters that host names cannot: ${printable(name)}`
}

/** Host names do not tell capital letters from small ones, so neither do network names. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** The first of network-1, network-2 … that is not in use. */
export function freeName(inUse: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const name = `network-${n}`
    if (!inUse.some(used => sameName(used, name))) return name
  }
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
