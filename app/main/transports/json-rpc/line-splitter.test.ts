import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLineSplitter } from './line-splitter.ts'

function split(chunks: readonly Buffer[], limit = 100) {
  const lines: string[] = []
  let tooLong = 0
  const splitter = createLineSplitter(limit, (line) => lines.push(line), () => { tooLong += 1 })
  for (const chunk of chunks) splitter.push(chunk)
  return { lines, tooLong }
}

it('gives the same lines however the bytes are cut, also inside a character', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 20 })),
      fc.integer({ min: 1, max: 7 }),
      (texts, size) => {
        const wanted = texts.map((text) => text.replaceAll('\n', '')).filter((text) => text.trim() !== '')
        const bytes = Buffer.from(wanted.map((text) => `${text}\n`).join(''))
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size)
        )
        expect(split(chunks, 1000)).toEqual({ lines: wanted, tooLong: 0 })
      }
    )
  )
})

it('takes a line of exactly the limit, and reports a longer one once', () => {
  expect(split([Buffer.from(`${'a'.repeat(100)}\n`)])).toEqual({ lines: ['a'.repeat(100)], tooLong: 0 })
  expect(split([Buffer.from(`x\n${'a'.repeat(101)}\nb\n`), Buffer.alloc(500, 'c')])).toEqual({
    lines: ['x'],
    tooLong: 1
  })
})

it('reports a line that never ends before it has come in', () => {
  expect(split([Buffer.alloc(60), Buffer.alloc(60)]).tooLong).toBe(1)
})
