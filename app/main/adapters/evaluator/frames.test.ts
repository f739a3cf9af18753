import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameReader, WireError, encodeFrame, frameTypes, maxPayloadBytes, unpackFields } from './frames.ts'
import type { Frame } from './frames.ts'

const frames = fc.array(fc.record({
  type: fc.constantFrom(...Object.keys(frameTypes) as (keyof typeof frameTypes)[]),
  id: fc.integer({ min: 0, max: 0xffffffff }),
  payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
}), { minLength: 1, maxLength: 8 })

const encodeAll = (list: Frame[]): Buffer =>
  Buffer.concat(list.map((frame) => encodeFrame(frame.type, frame.id, frame.payload)))

function split(bytes: Buffer, cuts: number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

/** What a call gave, or the WireError that it raised. Any other error is a defect and goes on. */
function orWireError<T>(call: () => T): T | WireError {
  try {
    return call()
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
}

/** All frames up to where the reader gives up, if it does; then it has to stay so. */
function readAll(chunks: Buffer[]): { frames: Frame[]; broken: boolean } {
  const reader = new FrameReader()
  const found: Frame[] = []
  for (const chunk of chunks) {
    const frames = orWireError(() => reader.push(chunk))
    if (frames instanceof WireError) {
      return { frames: found, broken: orWireError(() => reader.push(Buffer.alloc(0))) instanceof WireError }
    }
    found.push(...frames)
  }
  return { frames: found, broken: false }
}

describe('frame reader', () => {
  it('gives the frames that were sent, wherever the chunks are cut', () => {
    fc.assert(fc.property(frames, fc.array(fc.nat()), (sent, cuts) => {
      expect(readAll(split(encodeAll(sent), cuts))).toEqual({ frames: sent, broken: false })
    }))
  })

  it('joins a payload that comes in parts, with frames of other ids between them', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 6 }), (parts) => {
      const bytes = parts.flatMap((part, i) => [
        marked(encodeFrame('text', 7, part), i < parts.length - 1 ? 1 : 0), encodeFrame('stdout', 8, Buffer.from('x'))
      ])
      const texts = readAll(bytes).frames.filter((frame) => frame.type === 'text')
      expect(texts).toEqual([{ type: 'text', id: 7, payload: Buffer.concat(parts) }])
    }))
  })

  it('drops a payload that is declared void', () => {
    const bytes = [marked(encodeFrame('value', 3, Buffer.from('half')), 1), marked(encodeFrame('value', 3), 2),
      encodeFrame('error', 3, Buffer.from('gone'))]
    expect(readAll(bytes).frames).toEqual([{ type: 'error', id: 3, payload: Buffer.from('gone') }])
  })

  it('survives every mutation: valid frames or one WireError, never more than was sent', () => {
    const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) })
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 6 })
    fc.assert(fc.property(frames, mutations, fc.array(fc.nat()), (sent, changes, cuts) => {
      const bytes = encodeAll(sent)
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte
      const { frames: found } = readAll(split(bytes, cuts))
      const taken = found.reduce((sum, frame) => sum + 16 + frame.payload.length, 0)
      expect(taken).toBeLessThanOrEqual(bytes.length)
    }), { numRuns: 2000 })
  })

  it('refuses a frame that lies about its length before the lie has cost memory', () => {
    for (const length of [BigInt(maxPayloadBytes) + 1n, 2n ** 40n, 2n ** 64n - 1n]) {
      const bytes = encodeFrame('text', 1)
      bytes.writeBigUInt64BE(length, 8)
      expect(readAll([bytes])).toEqual({ frames: [], broken: true })
    }
  })
})

describe('text fields', () => {
  it('reads what the server packs and refuses a field longer than its frame', () => {
    const packed = Buffer.from([0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 0])
    expect(unpackFields(packed)).toEqual(['é', ''])
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const fields = orWireError(() => unpackFields(Buffer.from(bytes)))
      expect(fields instanceof WireError || fields.length * 4 <= bytes.length).toBe(true)
    }))
  })
})

function marked(frame: Buffer, flags: number): Buffer {
  frame.writeUInt8(flags, 1)
  return frame
}
