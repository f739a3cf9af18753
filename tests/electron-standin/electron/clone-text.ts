/** Structured-cloneable values as text, for the DevTools protocol carries text alone. */
export interface CloneText {
  encode(value: unknown): string
  decode(text: string): unknown
}

/** Runs in Node and, by its source, in the page: it must not refer to anything outside itself. */
export function createCloneText(): CloneText {
  const pack = (value: unknown): unknown => {
    if (value === undefined) return ['undefined']
    if (typeof value === 'bigint') return ['bigint', String(value)]
    if (typeof value === 'number' && !Number.isFinite(value)) return ['number', String(value)]
    if (typeof value !== 'object' || value === null) return ['plain', value]
    if (Array.isArray(value)) return ['array', value.map(pack)]
    if (value instanceof Date) return ['date', value.getTime()]
    if (value instanceof Map) return ['map', [...value].map(([key, item]) => [pack(key), pack(item)])]
    if (value instanceof Set) return ['set', [...value].map(pack)]
    if (value instanceof Error) return ['error', value.name, value.message]
    if (value instanceof Uint8Array) return ['bytes', [...value]]
    return ['object', Object.entries(value).map(([key, item]) => [key, pack(item)])]
  }
  const unpack = (packed: unknown): unknown => {
    const [kind, first, second] = packed as [string, never, string]
    if (kind === 'undefined') return undefined
    if (kind === 'bigint') return BigInt(first)
    if (kind === 'number') return Number(first)
    if (kind === 'plain') return first
    if (kind === 'array') return (first as unknown[]).map(unpack)
    if (kind === 'date') return new Date(first)
    if (kind === 'map') {
      return new Map((first as [unknown, unknown][]).map(([key, item]) => [unpack(key), unpack(item)]))
    }
    if (kind === 'set') return new Set((first as unknown[]).map(unpack))
    if (kind === 'error') return Object.assign(new Error(second), { name: first })
    if (kind === 'bytes') return new Uint8Array(first)
    return Object.fromEntries((first as [string, unknown][]).map(([key, item]) => [key, unpack(item)]))
  }
  return {
    // structuredClone first: what Electron refuses to carry (a function, a symbol) is refused here with its very error.
    encode: value => JSON.stringify(pack(structuredClone(value))),
    decode: text => unpack(JSON.parse(text))
  }
}
