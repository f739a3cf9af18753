/** Text as one word of a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** A script with variables set before its first line, to be fed to `sh -s`: nothing of them shows in a process list. */
export function scriptWith(variables: Readonly<Record<string, string>>, script: string): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${shellQuote(value)}\n`)
  return `${lines.join('')}${script}`
}

/** The last line that says something: what a failed program ended with, fit for a sentence. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map(line => line.trim()).filter(line => /[A-Za-z]/.test(line))
  return (lines.at(-1) ?? '').slice(0, 300)
}
