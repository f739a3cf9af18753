import type { Client } from 'ssh2'
import type { Forward, SshConnection, SshTarget } from '../../core/ports/index.ts'
import { connectionLost } from './failures.ts'
import { runCommand } from './exec.ts'
import { readRemoteFile, writeRemoteFile } from './files.ts'
import { openForward } from './forward.ts'

/** How long a polite goodbye may take before the socket is dropped. */
const goodbyeMs = 1_000

/** The connection over an authenticated client. From here on the client's errors are ours to hear. */
export function openConnection(client: Client, target: SshTarget): SshConnection {
  const forwards = new Set<Forward>()
  let lastError: unknown
  let isClosed = false
  client.on('error', (error) => { lastError = error })
  const closed = new Promise<void>((resolve) => {
    // At once, before ssh2 passes the loss on as a plain end of every channel: see openForward's close.
    client.on('end', () => void closeForwards())
    client.on('close', () => {
      isClosed = true
      void closeForwards().then(resolve)
    })
  })
  const closeForwards = async () => {
    await Promise.all([...forwards].map((forward) => forward.close()))
  }
  const lost = () => connectionLost(target, lastError)
  const channels = {
    target,
    client,
    lost,
    isClosed: () => isClosed
  }
  return {
    closed,
    exec: (command, options = {}) => runCommand(channels, command, options),
    writeFile: (path, content, mode) => writeRemoteFile(channels, path, content, mode),
    readFile: (path) => readRemoteFile(channels, path),
    async forward(localPort, remotePort) {
      if (isClosed) throw lost()
      const opened = await openForward(client, localPort, remotePort)
      const forward: Forward = {
        port: opened.port,
        async close() {
          forwards.delete(forward)
          await opened.close()
        }
      }
      forwards.add(forward)
      // The connection may have ended while the port was being opened; then nobody would close it.
      if (isClosed) {
        await forward.close()
        throw lost()
      }
      return forward
    },
    async close() {
      if (isClosed) return await closed
      await closeForwards()
      const timer = setTimeout(() => client.destroy(), goodbyeMs)
      client.end()
      await closed
      clearTimeout(timer)
    }
  }
}
