import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { timingSafeEqual } from 'node:crypto'
import type { EvaluatorAddress } from '../../core/ports/index.ts'
import { FrameReader, WireError, encodeFrame } from './frames.ts'
import type { Frame } from './frames.ts'

const greeting = 'RMADA-EVALUATOR 1\n'
const proofBytes = 33
const denied = 'denied\n'

/** An authenticated connection to an evaluator. */
export interface EvaluatorConnection {
  send(...frame: Parameters<typeof encodeFrame>): void
  /** The next frame; rejects when the other side closes or breaks the protocol. One reader at a time. */
  next(): Promise<Frame>
  close(): void
}

/** The secret was not accepted, or the other side does not know it: trying again helps nobody. */
export class DeniedError extends Error {
  override readonly name = 'DeniedError'
}

/**
 * Connects and has each side show its half of the secret. Nothing of the other side is looked at before. The signal
 * bounds this alone, not what is done with the connection.
 */
export async function openEvaluator(address: EvaluatorAddress, signal: AbortSignal): Promise<EvaluatorConnection> {
  signal.throwIfAborted()
  const socket = createConnection({ host: address.host, port: address.port, noDelay: true })
  const give = () => socket.destroy(new Error('aborted'))
  signal.addEventListener('abort', give, { once: true })
  // Errors come out of the iterator below; without a listener of its own one between two reads would end the process.
  socket.on('error', () => {})
  try {
    const bytes = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    const rest = await authenticate(socket, bytes, address.secret)
    return connectionOf(socket, bytes, rest)
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', give)
  }
}

async function authenticate(socket: Socket, bytes: AsyncIterator<Buffer>, secret: string): Promise<Buffer> {
  const start = await readAtLeast(bytes, Buffer.alloc(0), greeting.length)
  if (start.toString('latin1') !== greeting) throw new DeniedError('what answers is no evaluator of this version')
  socket.write(`C${secret.slice(0, 32)}\n`)
  let answer = await readAtLeast(bytes, Buffer.alloc(0), denied.length)
  if (answer.toString('latin1') === denied) throw new DeniedError('it does not accept the secret of this network')
  answer = await readAtLeast(bytes, answer, proofBytes)
  const expected = Buffer.from(`${secret.slice(32)}\n`, 'latin1')
  const shown = answer.subarray(0, proofBytes)
  if (expected.length !== shown.length || !timingSafeEqual(shown, expected)) {
    throw new DeniedError('what answers does not know the secret of this network')
  }
  return answer.subarray(proofBytes)
}

async function readAtLeast(bytes: AsyncIterator<Buffer>, have: Buffer, n: number): Promise<Buffer> {
  let all = have
  while (all.length < n) all = Buffer.concat([all, await nextChunk(bytes)])
  return all
}

async function nextChunk(bytes: AsyncIterator<Buffer>): Promise<Buffer> {
  const { value, done } = await bytes.next()
  if (done) throw new WireError('The connection was closed.')
  return value
}

function connectionOf(socket: Socket, bytes: AsyncIterator<Buffer>, rest: Buffer): EvaluatorConnection {
  const reader = new FrameReader()
  const ready = reader.push(rest)
  return {
    send: (...frame) => { socket.write(encodeFrame(...frame)) },
    next: async () => {
      for (;;) {
        const frame = ready.shift()
        if (frame) return frame
        ready.push(...reader.push(await nextChunk(bytes)))
      }
    },
    close: () => { socket.destroy() }
  }
}
