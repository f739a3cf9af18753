const longest = 60

/** What a user typed, as a sentence can carry it: no longer than a line, and without what would break it. */
export function quoted(text: string): string {
  const plain = text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '')
  const letters = Array.from(plain)
  return letters.length <= longest ? plain : `${letters.slice(0, longest).join('')}…`
}
