import type { ErrorShape } from '../../../contract/index.ts'

/** Where a command's words go: results to standard output, all else to standard error. */
export interface Io {
  readonly json: boolean
  readonly environment: NodeJS.ProcessEnv
  readonly isTerminal: boolean
  /** The one result of the command: as one JSON value, or as text for people. */
  result(value: unknown, text: string): void
  note(line: string): void
}

export function createIo(json: boolean, environment: NodeJS.ProcessEnv): Io {
  return {
    json,
    environment,
    isTerminal: process.stdin.isTTY && process.stderr.isTTY,
    result(value, text) {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`)
      else if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
    },
    note(line) { process.stderr.write(`${line}\n`) }
  }
}

/** Tells of a failure: for programs as the one JSON value, for people as two lines. */
export function tellFailure(io: Pick<Io, 'json' | 'note'>, error: ErrorShape): void {
  if (io.json) process.stdout.write(`${JSON.stringify({ ok: false, error })}\n`)
  io.note(`rmada: ${error.message}`)
  io.note(error.suggestion)
  for (const line of error.details?.['lastLines']?.split('\n') ?? []) io.note(`  | ${line}`)
  for (const { kind, id, pricePerHour } of error.stillRented ?? []) {
    io.note(`Still rented: ${kind} ${id}${pricePerHour === null ? '' : ` at $${pricePerHour} an hour`}`)
  }
}
