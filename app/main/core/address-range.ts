/** An IPv4 address as a number; null for anything else. */
function numberOf(address: string): number | null {
  const parts = address.split('.')
  if (parts.length !== 4 || parts.some(part => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

/**
 * Whether a range (CIDR) covers a whole other one. IPv6 is compared as text, save for the range of all addresses: rules
 * for single addresses are written in the one form that the cloud gives.
 */
export function covers(range: string, other: string): boolean {
  if (range === other) return true
  const [base = '', bits = ''] = range.split('/')
  const [address = '', otherBits = ''] = other.split('/')
  if (base === '::' && bits === '0') return address.includes(':')
  const from = numberOf(base)
  const at = numberOf(address)
  if (from === null || at === null || Number(bits) > Number(otherBits)) return false
  const size = 2 ** (32 - Number(bits))
  return Math.floor(from / size) === Math.floor(at / size)
}
