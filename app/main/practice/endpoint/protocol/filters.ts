import { Ec2Error, missingParameter } from './error.ts'
import type { Parameters } from './parameters.ts'

export interface Filter {
  readonly name: string
  readonly values: readonly string[]
}

/** What each filter of an action looks at. Null: the item has no such value and matches nothing. */
export type FilterFields<Item> = Readonly<Record<string, (item: Item) => string | readonly string[] | null>>

const mostValues = 200

export function readFilters(parameters: Parameters): Filter[] {
  const filters = parameters.structures('Filter').map((filter) => {
    const values = filter.list('Value')
    if (values.length === 0) throw missingParameter(filter.nameOf('Value'))
    return { name: filter.required('Name'), values }
  })
  if (filters.reduce((sum, filter) => sum + filter.values.length, 0) > mostValues) {
    throw new Ec2Error(
      'FilterLimitExceeded',
      `The maximum number of filter values specified on a single call is ${mostValues}`
    )
  }
  return filters
}

/**
 * Items for which every filter holds; a filter holds when any of its values does. `tagsOf` adds `tag:<key>`, `tag-key`
 * and `tag-value`.
 */
export function select<Item>(
  items: readonly Item[],
  filters: readonly Filter[],
  fields: FilterFields<Item>,
  tagsOf?: (item: Item) => Readonly<Record<string, string>>
): Item[] {
  const tests = filters.map((filter) => {
    const values = lookAt(filter.name, fields, tagsOf)
    return (item: Item) => values(item).some((value) => filter.values.some((pattern) => matches(pattern, value)))
  })
  return items.filter((item) => tests.every((test) => test(item)))
}

function lookAt<Item>(
  name: string,
  fields: FilterFields<Item>,
  tagsOf?: (item: Item) => Readonly<Record<string, string>>
): (item: Item) => readonly string[] {
  if (tagsOf && name.startsWith('tag:')) {
    const key = name.slice('tag:'.length)
    return (item) => {
      const value = Object.hasOwn(tagsOf(item), key) ? tagsOf(item)[key] : undefined
      return value === undefined ? [] : [value]
    }
  }
  if (tagsOf && name === 'tag-key') return (item) => Object.keys(tagsOf(item))
  if (tagsOf && name === 'tag-value') return (item) => Object.values(tagsOf(item))
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (!field) throw new Ec2Error('InvalidParameterValue', `The filter '${name}' is invalid`)
  return (item) => {
    const value = field(item)
    return value === null ? [] : typeof value === 'string' ? [value] : value
  }
}

/**
 * EC2's wildcards: `*` any text, `?` any one character, `\` takes the next literally; case matters. Walks with one
 * point of return instead of a regular expression, so that no pattern can take exponential time.
 */
export function matches(pattern: string, value: string): boolean {
  const parts = tokens(pattern)
  let at = 0
  let star = -1
  let resume = 0
  let index = 0
  while (index < value.length) {
    const part = parts[at]
    if (part === many) {
      star = at
      resume = index
      at += 1
    } else if (part !== undefined && (part === one || part === value[index])) {
      at += 1
      index += 1
    } else if (star >= 0) {
      resume += 1
      index = resume
      at = star + 1
    } else return false
  }
  return parts.slice(at).every((part) => part === many)
}

const many = Symbol('*')
const one = Symbol('?')

function tokens(pattern: string): (string | symbol)[] {
  const parts: (string | symbol)[] = []
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index)
    if (character === '*') parts.push(many)
    else if (character === '?') parts.push(one)
    else if (character === '\\' && index + 1 < pattern.length) parts.push(pattern.charAt((index += 1)))
    else parts.push(character)
  }
  return parts
}
