import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { dirname } from 'node:path'
import { MAX_MESSAGE_BYTES } from '../../../contract/index.ts'
import type { HelloReply } from '../../../contract/index.ts'
import type { z } from 'zod'
import { RmadaError } from '../../core/error.ts'
import type { Dispatch } from '../dispatch.ts'
import { createLineSplitter } from '../json-rpc/line-splitter.ts'
import { createSession } from '../json-rpc/session.ts'

export interface LocalSocketOptions {
  readonly address: string
  readonly dispatch: Dispatch
  readonly identity: z.infer<typeof HelloReply>
}

/** Time that a client whose connection is being closed has to read the last answer. */
const lingerMs = 5000

/** Makes the socket's folder with mode 0700 and refuses one that another user could have laid out for us. */
function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new RmadaError('DATA_UNREADABLE', `The folder for the manager's socket belongs to somebody else: ${folder}`, {
      suggestion: 'Remove the folder, or set RMADA_RUNTIME_DIR to a folder of your own.'
    })
  }
  chmodSync(folder, 0o700)
}

function serveConnection(socket: Socket, { dispatch, identity }: LocalSocketOptions): void {
  let closing = false
  const session = createSession({
    dispatch,
    identity,
    audiences: ['gui', 'r', 'cli'],
    channel: {
      send: (message) => new Promise((resolve) => {
        if (!socket.writable || socket.write(`${message}\n`)) return resolve()
        socket.once('drain', resolve).once('close', resolve)
      }),
      close() {
        // What still comes in is read and dropped: closing over unread input would reset the connection and with it
        // the answer that says why.
        closing = true
        socket.end()
        setTimeout(() => { socket.destroy() }, lingerMs).unref()
      }
    }
  })
  const lines: string[] = []
  let busy = false
  const drain = async (): Promise<void> => {
    if (busy) return
    busy = true
    for (let line = lines.shift(); line !== undefined && !closing; line = lines.shift()) await session.receive(line)
    busy = false
    if (!socket.destroyed) socket.resume()
  }
  const splitter = createLineSplitter(MAX_MESSAGE_BYTES, (line) => { lines.push(line) }, () => { session.tooLarge() })
  socket.on('data', (chunk) => {
    if (closing) return
    splitter.push(chunk)
    if (lines.length === 0) return
    socket.pause()
    void drain()
  })
  socket.on('error', () => { socket.destroy() })
  socket.on('close', () => { session.end() })
}

/**
 * Serves the contract on a Unix socket (0600 in a folder 0700) or a named pipe. The caller must hold the manager's
 * lock: a socket file found here is a dead manager's and is replaced.
 */
export async function serveLocalSocket(options: LocalSocketOptions): Promise<{ close(): Promise<void> }> {
  const { address } = options
  const isFile = process.platform !== 'win32'
  if (isFile) {
    prepareFolder(dirname(address))
    rmSync(address, { force: true })
  }
  const connections = new Set<Socket>()
  const server = createServer((socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    serveConnection(socket, options)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, resolve)
  })
  if (isFile) chmodSync(address, 0o600)
  return {
    close: () => new Promise((resolve) => {
      server.close(() => { resolve() })
      for (const socket of connections) socket.destroySoon()
      setTimeout(() => { for (const socket of connections) socket.destroy() }, 500).unref()
    })
  }
}
