import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Io } from './io.ts'

/** The first lines of a stream, without what ends them. */
export async function readLines(stream: NodeJS.ReadableStream, count: number): Promise<readonly string[]> {
  const lines: string[] = []
  const reader = createInterface({ input: stream })
  for await (const line of reader) {
    lines.push(line.trim())
    if (lines.length === count) break
  }
  reader.close()
  return lines
}

/** Asks at the terminal; what is typed is not shown. */
export function askHidden(question: string, io: Pick<Io, 'note'>): Promise<string> {
  const silent = new Writable({ write(_chunk, _encoding, done) { done() } })
  process.stderr.write(question)
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  return new Promise((resolve) => {
    reader.once('close', () => resolve(''))
    reader.once('line', (line) => {
      resolve(line.trim())
      reader.close()
      io.note('')
    })
  })
}
