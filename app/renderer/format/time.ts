const relativeWords = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exactWords = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'long' })

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000]
] as const

/** How long ago: "just now", "12 minutes ago", "yesterday". A clock that is a little off never gives the future. */
export function ago(iso: string, now: number): string {
  const elapsed = Math.max(0, now - Date.parse(iso))
  for (const [unit, size] of units) {
    if (elapsed >= size) return relativeWords.format(-Math.floor(elapsed / size), unit)
  }
  return 'just now'
}

/** The moment itself, in the zone of this computer. */
export function exact(iso: string): string {
  return exactWords.format(new Date(iso))
}

/** How long something took: "38 ms", "0.4 s", "38 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
