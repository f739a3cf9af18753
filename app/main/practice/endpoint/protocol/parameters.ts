import { createHash } from 'node:crypto'
import { Ec2Error, invalidValue, missingParameter } from './error.ts'

interface Node {
  value: string | undefined
  readonly children: Map<string, Node>
}

const emptyNode = (): Node => ({ value: undefined, children: new Map() })
const deepest = 12

/** Names that are about the request rather than the action: never part of idempotency, never unknown. */
const aboutRequest = /^(?:Action|Version|DryRun|X-Amz-.*|AWSAccessKeyId)$/i

/**
 * The parameters of one request in the Query protocol, where `Filter.1.Value.2=x` is the second value of the first
 * filter. Reads by name and raises EC2's own errors when a value is missing or of the wrong kind.
 */
export class Parameters {
  readonly #node: Node
  readonly #path: string

  private constructor(node: Node, path: string) {
    this.#node = node
    this.#path = path
  }

  static of(entries: Iterable<readonly [string, string]>): Parameters {
    const root = emptyNode()
    for (const [name, value] of entries) {
      const parts = name.split('.')
      if (parts.length > deepest) throw new Ec2Error('MalformedQueryString', 'A parameter name has too many parts')
      let node = root
      for (const part of parts) {
        const next = node.children.get(part) ?? emptyNode()
        node.children.set(part, next)
        node = next
      }
      if (node.value !== undefined) throw new Ec2Error('MalformedQueryString', `The parameter ${name} appears twice`)
      node.value = value
    }
    return new Parameters(root, '')
  }

  /** Names at the top, without those about the request itself. */
  names(): string[] {
    return [...this.#node.children.keys()].filter((name) => !aboutRequest.test(name))
  }

  has(name: string): boolean {
    return this.#node.children.has(name)
  }

  /** The full name of a parameter, as it stands in the request. */
  nameOf(name: string): string {
    return this.#path + name
  }

  text(name: string): string | undefined {
    return this.#node.children.get(name)?.value
  }

  required(name: string): string {
    const value = this.text(name)
    if (value === undefined || value === '') throw missingParameter(this.nameOf(name))
    return value
  }

  integer(name: string, least: number, most: number): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const number = Number(value)
    if (!/^-?\d{1,15}$/.test(value)) throw invalidValue(value, this.nameOf(name), 'It must be an integer.')
    if (number < least) throw invalidValue(value, this.nameOf(name), `Expecting a value of at least ${least}.`)
    if (number > most) throw invalidValue(value, this.nameOf(name), `Expecting a value of at most ${most}.`)
    return number
  }

  boolean(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase()
    if (value === undefined) return undefined
    if (value !== 'true' && value !== 'false') throw invalidValue(value, this.nameOf(name), 'It must be true or false.')
    return value === 'true'
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const found = choices.find((choice) => choice === value)
    if (found === undefined) throw invalidValue(value, this.nameOf(name), `Valid values: ${choices.join(', ')}.`)
    return found
  }

  /** Values of `Name.1`, `Name.2`, …, in the order of their numbers. */
  list(name: string): string[] {
    return this.#items(name).map(([index, node]) => {
      if (node.value === undefined) throw missingParameter(`${this.nameOf(name)}.${index}`)
      return node.value
    })
  }

  requiredList(name: string): string[] {
    const values = this.list(name)
    if (values.length === 0) throw missingParameter(this.nameOf(name))
    return values
  }

  structure(name: string): Parameters {
    return new Parameters(this.#node.children.get(name) ?? emptyNode(), `${this.nameOf(name)}.`)
  }

  structures(name: string): Parameters[] {
    return this.#items(name).map(([index, node]) => new Parameters(node, `${this.nameOf(name)}.${index}.`))
  }

  /** The same for two requests that ask for the same thing, whoever signed them and when. */
  fingerprint(): string {
    const lines: string[] = []
    const visit = (node: Node, path: string): void => {
      if (node.value !== undefined) lines.push(`${path}=${encodeURIComponent(node.value)}`)
      for (const [part, child] of node.children) visit(child, path === '' ? part : `${path}.${part}`)
    }
    for (const name of this.names()) visit(this.#node.children.get(name) ?? emptyNode(), name)
    return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
  }

  #items(name: string): [number, Node][] {
    const children = this.#node.children.get(name)?.children ?? new Map<string, Node>()
    return [...children]
      .map(([index, node]): [number, Node] => {
        if (!/^[1-9]\d{0,4}$/.test(index)) throw invalidValue(index, this.nameOf(name), 'Lists are numbered from 1.')
        return [Number(index), node]
      })
      .sort(([a], [b]) => a - b)
  }
}
