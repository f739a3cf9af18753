import type { z } from 'zod'

/** What lies at this path of the input; `undefined` where the path leads nowhere. */
function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'object') return 'an object'
  return `a ${typeof value}`
}

const articles: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  record: 'an object'
}

/** The first fault that zod found, as a plain sentence that names the field. Never shows the value: it may be a secret. */
export function describeIssue(method: string, input: unknown, issues: readonly z.core.$ZodIssue[]): string {
  const issue = issues[0]
  if (!issue) return `The input of ${method} is not valid.`
  const subject =
    issue.path.length === 0 ? `The input of ${method}` : `The field "${issue.path.join('.')}" of ${method}`
  const value = valueAt(input, issue.path)
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? `${subject} is missing.`
        : `${subject} must be ${articles[issue.expected] ?? issue.expected}, not ${kindOf(value)}.`
    case 'invalid_value':
      return `${subject} must be one of: ${issue.values.map(String).join(', ')}.`
    case 'invalid_format':
      return `${subject} is not a valid ${issue.format}.`
    case 'too_small':
      return `${subject} must be ${issue.inclusive === false ? 'greater than' : 'at least'} ${String(issue.minimum)}.`
    case 'too_big':
      return `${subject} must be ${issue.inclusive === false ? 'less than' : 'at most'} ${String(issue.maximum)}.`
    default:
      return `${subject} is not valid: ${issue.message}.`
  }
}
