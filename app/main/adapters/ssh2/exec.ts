import { constants } from 'node:os'
import type { Client, ClientChannel } from 'ssh2'
import type { ExecOptions, ExecResult, SshTarget } from '../../core/ports/index.ts'
import type { RmadaError } from '../../core/error.ts'
import { cancelled, timedOut } from './failures.ts'

/** What a command needs to know of its connection. */
export interface Channels {
  readonly client: Client
  readonly target: SshTarget
  isClosed(): boolean
  lost(): RmadaError
}

/** 128 + number, as shells report a process that a signal ended. */
function codeOfSignal(name: string): number {
  const full = (name.startsWith('SIG') ? name : `SIG${name}`) as keyof typeof constants.signals
  return 128 + (constants.signals[full] ?? 0)
}

/**
 * A command that is given no input finds it at its end. Done on the far side: once this side has ended the channel's
 * input, ssh2 sends no signal on it any more, and the command could not be cancelled.
 */
function withoutInput(command: string): string {
  return `exec </dev/null\n${command}`
}

/** Runs one command and gathers what it prints; see SshConnection.exec. */
export function runCommand(channels: Channels, command: string, options: ExecOptions): Promise<ExecResult> {
  const { client, target, isClosed, lost } = channels
  const { stdin, onOutput, signal, timeoutMs } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled())
    if (isClosed()) return reject(lost())
    let channel: ClientChannel | null = null
    let settled = false
    const settle = (act: () => void) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      client.off('close', onClose)
      act()
    }
    const giveUp = (error: RmadaError) => settle(() => {
      // TERM first: a closed channel alone lets a command that prints nothing run on.
      channel?.signal('TERM')
      channel?.close()
      reject(error)
    })
    const abort = () => giveUp(cancelled())
    const onClose = () => settle(() => reject(lost()))
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => giveUp(timedOut(target, timeoutMs)), timeoutMs)
    signal?.addEventListener('abort', abort, { once: true })
    client.on('close', onClose)

    const started = (error: Error | undefined, stream: ClientChannel) => {
      if (error) return settle(() => reject(lost()))
      channel = stream
      if (settled) return stream.close()
      const result = { stdout: '', stderr: '', exitCode: null as number | null }
      const gather = (name: 'stdout' | 'stderr') => (chunk: string) => {
        result[name] += chunk
        onOutput?.(chunk, name)
      }
      stream.setEncoding('utf8').on('data', gather('stdout'))
      stream.stderr.setEncoding('utf8').on('data', gather('stderr'))
      stream.on('exit', (code: number | null, name?: string) => {
        result.exitCode = code ?? (name ? codeOfSignal(name) : null)
      })
      stream.on('error', () => { /* a command that ends before it read its input; its exit code says the rest */ })
      stream.on('close', () => settle(() => {
        const { exitCode } = result
        if (exitCode === null) reject(lost())
        else resolve({ ...result, exitCode })
      }))
      if (stdin !== undefined) stream.end(stdin)
    }
    try {
      client.exec(stdin === undefined ? withoutInput(command) : command, started)
    } catch {
      settle(() => reject(lost()))
    }
  })
}
