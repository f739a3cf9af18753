import type { TaskLog, TaskLogLine } from '../../../contract/index.ts'
import type { Cancellation } from '../../core/cancellation.ts'
import type { Clock, TaskLogFiles } from '../../core/ports/index.ts'

/** Lines of one task that are kept in memory; all of them are in its file. */
const keptLines = 1000
const longestLine = 2000
const linesAtOnce = 500

interface Kept {
  lines: TaskLogLine[]
  dropped: number
  ended: boolean
  /** The line that each node has not ended yet. */
  readonly unfinished: Map<string, string>
  readonly waiting: Set<() => void>
}

type News = { lines: TaskLogLine[]; dropped: number }

/** What the work of tasks prints: the last lines in memory, all of it on disk. */
export class TaskLogs {
  readonly #kept = new Map<string, Kept>()
  readonly #clock: Clock
  readonly #files: TaskLogFiles

  constructor(ports: { clock: Clock; taskLogs: TaskLogFiles }) {
    this.#clock = ports.clock
    this.#files = ports.taskLogs
  }

  /** Adds output of a node as it comes: lines may end in a later piece. `node` is empty for the manager itself. */
  add(id: string, node: string, chunk: string): void {
    const kept = this.#of(id)
    const pieces = `${kept.unfinished.get(node) ?? ''}${chunk}`.split('\n')
    kept.unfinished.set(node, (pieces.pop() ?? '').slice(-longestLine))
    this.#append(id, kept, node, pieces)
  }

  /** Nothing more comes: what stands unfinished is a line, and followers end. */
  end(id: string): void {
    const kept = this.#of(id)
    for (const [node, text] of kept.unfinished) if (text !== '') this.#append(id, kept, node, [text])
    kept.unfinished.clear()
    kept.ended = true
    wake(kept)
  }

  forget(id: string): void {
    this.#kept.delete(id)
  }

  last(id: string, count = 200): TaskLog {
    const { lines, dropped } = this.#of(id)
    const shown = lines.slice(-count)
    return { lines: shown, dropped: dropped + lines.length - shown.length, file: this.#files.path(id) }
  }

  /** The lines so far, then each new one; a reader that is slower than the work misses lines and is told how many. */
  follow(id: string, signal: Cancellation): AsyncIterable<News> {
    const kept = this.#of(id)
    let seen = 0
    let left = signal.aborted
    const leave = (): void => { left = true; wake(kept) }
    signal.addEventListener('abort', leave, { once: true })
    const next = async (): Promise<IteratorResult<News>> => {
      for (;;) {
        const from = Math.max(seen, kept.dropped)
        const lines = kept.lines.slice(from - kept.dropped, from - kept.dropped + linesAtOnce)
        if (!left && lines.length > 0) {
          const missed = from - seen
          seen = from + lines.length
          return { done: false, value: { lines, dropped: missed } }
        }
        if (left || kept.ended) {
          signal.removeEventListener('abort', leave)
          return { done: true, value: undefined }
        }
        await new Promise<void>(resolve => kept.waiting.add(resolve))
      }
    }
    return {
      [Symbol.asyncIterator]: () => ({ next, return: async () => { leave(); return { done: true, value: undefined } } })
    }
  }

  #of(id: string): Kept {
    const kept = this.#kept.get(id) ?? {
      lines: [], dropped: 0, ended: false, unfinished: new Map<string, string>(), waiting: new Set<() => void>()
    }
    this.#kept.set(id, kept)
    return kept
  }

  #append(id: string, kept: Kept, node: string, texts: readonly string[]): void {
    if (texts.length === 0) return
    const at = this.#clock.now().toISOString()
    const lines = texts.map(text => ({ at, node, text: readable(text) }))
    kept.lines.push(...lines)
    const excess = Math.max(0, kept.lines.length - keptLines)
    kept.lines.splice(0, excess)
    kept.dropped += excess
    this.#files.append(id, lines.map(line => `${line.at} ${node === '' ? '' : `[${node}] `}${line.text}\n`).join(''))
    wake(kept)
  }
}

/** As a terminal would end up showing it: no colours, and of a line that overwrites itself its last state. */
function readable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
  const plain = text.replaceAll(/\u001B\[[0-9;?]*[A-Za-z]/g, '').replace(/\r+$/, '')
  return plain.slice(plain.lastIndexOf('\r') + 1).slice(0, longestLine)
}

function wake(kept: Kept): void {
  for (const resolve of kept.waiting) resolve()
  kept.waiting.clear()
}
