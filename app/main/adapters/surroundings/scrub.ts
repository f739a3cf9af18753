const hidden = '[hidden]'

const tellingName = '(?:secret|password|passphrase|token|signature|credential|authorization)[\\w-]*'

/** What must never stand in a log, whatever message or foreign error text carries it there. */
const secrets: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, hidden],
  // A value under a name that says what it is, as in JSON, an environment, a header or a query.
  [new RegExp(`(${tellingName}["']?\\s*[:=]\\s*)(["'])(?:(?!\\2).)+\\2`, 'gi'), `$1$2${hidden}$2`],
  [new RegExp(`(${tellingName}\\s*[:=]\\s*(?:(?:bearer|basic)\\s+)?)[^"'\\s&,;}]{3,}`, 'gi'), `$1${hidden}`],
  // Secret access keys have 40 characters of base64; Rmada's own secrets 64 hexadecimal ones.
  [
    /(?<![\w/+=])(?=[\w/+]*[A-Z])(?=[\w/+]*[a-z])(?=[\w/+]*\d)[A-Za-z0-9/+]{40}(?![\w/+=])/g,
    hidden
  ],
  [/\b[0-9a-f]{64}\b/g, hidden]
]

/** The text without anything that looks like a key, a token or a password. */
export function scrub(text: string): string {
  return secrets.reduce((scrubbed, [pattern, replacement]) => scrubbed.replace(pattern, replacement), text)
}
