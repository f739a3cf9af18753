const newline = 0x0a

/** Cuts a byte stream into lines of at most `limit` bytes; what is longer is dropped and reported once. */
export interface LineSplitter {
  push(chunk: Buffer): void
}

/**
 * Holds at most one unfinished line in memory. After `onTooLong` it drops whatever else comes: where the next line
 * begins cannot be known.
 */
export function createLineSplitter(limit: number, onLine: (line: string) => void, onTooLong: () => void): LineSplitter {
  let pending: Buffer[] = []
  let length = 0
  let tooLong = false

  const keep = (part: Buffer): void => {
    length += part.length
    if (length <= limit) {
      pending.push(part)
      return
    }
    tooLong = true
    pending = []
    onTooLong()
  }

  return {
    push(chunk) {
      let from = 0
      while (!tooLong) {
        const end = chunk.indexOf(newline, from)
        keep(chunk.subarray(from, end < 0 ? undefined : end))
        if (tooLong || end < 0) return
        const line = Buffer.concat(pending, length).toString('utf8')
        pending = []
        length = 0
        from = end + 1
        if (line.trim() !== '') onLine(line)
      }
    }
  }
}
