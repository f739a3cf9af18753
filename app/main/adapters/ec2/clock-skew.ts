/** From here on a clock is wrong rather than inexact: it is what Signature Version 4 lets pass. */
const mostSkewMs = 5 * 60_000

/** By how much this computer's clock is ahead of the one that dated an HTTP answer; null where none is dated. */
export function clockAheadMs(response: unknown): number | null {
  const headers = (response as { headers?: Readonly<Record<string, string>> } | undefined)?.headers
  const date = headers?.['date']
  const dated = date === undefined ? Number.NaN : Date.parse(date)
  return Number.isNaN(dated) ? null : Date.now() - dated
}

/** "12 minutes behind", when the clock is off by more than Signature Version 4 allows; else null. */
export function clockFault(response: unknown): string | null {
  const ahead = clockAheadMs(response)
  if (ahead === null || Math.abs(ahead) <= mostSkewMs) return null
  const minutes = Math.round(Math.abs(ahead) / 60_000)
  const off = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
  return `${off} ${ahead > 0 ? 'fast' : 'slow'}`
}
