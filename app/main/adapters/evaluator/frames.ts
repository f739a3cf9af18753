/** Frames of the evaluator's wire (docs/evaluator-protocol.md) as this client speaks them. */

export const frameTypes = {
  eval: 1, evalText: 2, assign: 3, interrupt: 4, ping: 5, hello: 6,
  ready: 16, stdout: 17, stderr: 18, condition: 19, plot: 20, value: 21, text: 22, error: 23, ack: 24, pong: 25
} as const
type FrameName = keyof typeof frameTypes

export interface Frame { readonly type: FrameName; readonly id: number; readonly payload: Buffer }

/** Longest payload that this client takes, all parts together: it asks for text alone. */
export const maxPayloadBytes = 64 * 1024 * 1024

const headerBytes = 16
const more = 1
const abort = 2
const names = new Map<number, FrameName>(
  Object.entries(frameTypes).map(([name, type]) => [type, name as FrameName])
)

/** The bytes do not follow the protocol: the connection is of no more use. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

/** Header and payload in one buffer, so that they leave in one write. */
export function encodeFrame(type: FrameName, id: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(frameTypes[type], 0)
  header.writeUInt32BE(id, 4)
  header.writeBigUInt64BE(BigInt(payload.length), 8)
  return Buffer.concat([header, payload])
}

/**
 * Turns chunks as they arrive into whole frames. A payload that comes as several frames of one id is joined; one that
 * is declared void is dropped. Raises `WireError` at the first byte that cannot belong to a frame, and for ever after.
 */
export class FrameReader {
  #pending: Buffer[] = []
  #size = 0
  readonly #parts = new Map<number, Buffer[]>()
  #broken: WireError | null = null

  push(chunk: Buffer): Frame[] {
    if (this.#broken) throw this.#broken
    this.#pending.push(chunk)
    this.#size += chunk.length
    const frames: Frame[] = []
    try {
      for (;;) {
        const frame = this.#next()
        if (frame === 'not yet') return frames
        if (frame) frames.push(frame)
      }
    } catch (error) {
      this.#broken = error instanceof WireError ? error : new WireError(String(error))
      throw this.#broken
    }
  }

  /** The next frame, null for one that only adds to or voids a payload, or that not enough has come. */
  #next(): Frame | null | 'not yet' {
    if (this.#size < headerBytes) return 'not yet'
    const header = parseHeader(this.#peek(headerBytes))
    if (this.#size < headerBytes + header.length) return 'not yet'
    const payload = this.#peek(headerBytes + header.length).subarray(headerBytes)
    this.#drop(headerBytes + header.length)
    const parts = [...this.#parts.get(header.id) ?? [], payload]
    this.#parts.delete(header.id)
    if (header.flags === abort) return null
    const total = parts.reduce((sum, part) => sum + part.length, 0)
    if (total > maxPayloadBytes) throw new WireError('The payload is too long.')
    if (header.flags === more) {
      this.#parts.set(header.id, parts)
      return null
    }
    return { type: header.type, id: header.id, payload: Buffer.concat(parts) }
  }

  #peek(n: number): Buffer {
    const first = this.#pending[0]
    if (!first || first.length < n) this.#pending = [Buffer.concat(this.#pending)]
    return (this.#pending[0] ?? Buffer.alloc(0)).subarray(0, n)
  }

  #drop(n: number): void {
    this.#pending[0] = (this.#pending[0] ?? Buffer.alloc(0)).subarray(n)
    this.#size -= n
  }
}

function parseHeader(bytes: Buffer): { type: FrameName; flags: number; id: number; length: number } {
  const type = names.get(bytes.readUInt8(0))
  const flags = bytes.readUInt8(1)
  const length = bytes.readBigUInt64BE(8)
  if (!type || flags > abort || bytes.readUInt16BE(2) !== 0) throw new WireError('This is not a frame.')
  if (length > BigInt(maxPayloadBytes)) throw new WireError('The frame claims to be too long.')
  return { type, flags, id: bytes.readUInt32BE(4), length: Number(length) }
}

/** Text fields of a payload: each a 32-bit length and that many bytes of UTF-8. */
export function unpackFields(payload: Buffer): string[] {
  const fields: string[] = []
  let at = 0
  while (at < payload.length) {
    const end = at + 4 > payload.length ? Infinity : at + 4 + payload.readUInt32BE(at)
    if (end > payload.length) throw new WireError('A field is longer than its frame.')
    fields.push(payload.toString('utf8', at + 4, end))
    at = end
  }
  return fields
}
