import { Ec2Error, invalidValue } from './protocol/error.ts'
import type { Parameters } from './protocol/parameters.ts'
import type { State } from './state.ts'

const longestKey = 128
const longestValue = 256
const mostTags = 50

/** `Tag.1.Key`, `Tag.1.Value`, …, checked. */
export function readTags(parameters: Parameters): Record<string, string> {
  const tags: Record<string, string> = {}
  for (const tag of parameters.structures('Tag')) {
    const key = tag.required('Key')
    const value = tag.text('Value') ?? ''
    checkKey(key)
    if (value.length > longestValue)
      throw new Ec2Error('InvalidParameterValue', `Tag value exceeds the maximum length of ${longestValue} characters`)
    if (Object.hasOwn(tags, key)) throw new Ec2Error('InvalidParameterValue', `Duplicate tag key '${key}' specified.`)
    tags[key] = value
  }
  return tags
}

function checkKey(key: string): void {
  if (key.length > longestKey)
    throw new Ec2Error('InvalidParameterValue', `Tag key exceeds the maximum length of ${longestKey} characters`)
  // The one name that a table of this language cannot hold: refused rather than lost.
  if (key === '__proto__') throw invalidValue(key, 'key')
  if (/^aws:/i.test(key)) {
    throw new Ec2Error(
      'InvalidParameterValue',
      `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`
    )
  }
}

/** The tags that TagSpecification gives to each kind of resource; kinds that the action does not make are refused. */
export function readTagSpecifications<Kind extends string>(
  parameters: Parameters,
  kinds: readonly Kind[]
): ReadonlyMap<Kind, Record<string, string>> {
  const found = new Map<Kind, Record<string, string>>()
  for (const specification of parameters.structures('TagSpecification')) {
    const text = specification.required('ResourceType')
    const kind = kinds.find((candidate) => candidate === text)
    if (kind === undefined) {
      throw new Ec2Error('InvalidParameterValue', `'${text}' is not a valid taggable resource type for this operation.`)
    }
    if (found.has(kind))
      throw invalidValue(text, specification.nameOf('ResourceType'), 'Specify each resource type once.')
    const tags = readTags(specification)
    if (Object.keys(tags).length === 0)
      throw new Ec2Error('InvalidParameterValue', 'Tag specification must have at least one tag')
    checkCount(tags)
    found.set(kind, tags)
  }
  return found
}

function checkCount(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > mostTags) {
    throw new Ec2Error('TagLimitExceeded', `The maximum number of Tags for a resource has been reached: ${mostTags}`)
  }
}

/** Adds tags to a resource, replacing those of the same key. */
export function putTags(draft: State, id: string, tags: Readonly<Record<string, string>> | undefined): void {
  if (!tags) return
  const all = { ...draft.tags[id], ...tags }
  checkCount(all)
  draft.tags[id] = all
}

/** Tags as replies list them: not at all where there are none. */
export function tagSet(tags: Readonly<Record<string, string>>): { key: string; value: string }[] | null {
  const list = Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value }))
  return list.length === 0 ? null : list
}
