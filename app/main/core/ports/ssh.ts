import type { Cancellation } from '../cancellation.ts'

/** Where and as whom to connect. There is no way to connect without pinned host keys. */
export interface SshTarget {
  readonly instanceId: string
  readonly host: string
  readonly port: number
  readonly user: string
  /** The pinned host keys of this instance, as `type base64` lines. Never empty. */
  readonly hostKeys: readonly string[]
  /** OpenSSH private key text; not looked at where an agent signs. */
  readonly privateKey: string
  /** Of an encrypted key. */
  readonly passphrase?: string
  /** Socket of the ssh-agent that signs. */
  readonly agent?: string
}

export interface ExecOptions {
  readonly stdin?: string
  readonly onOutput?: (chunk: string, stream: 'stdout' | 'stderr') => void
  readonly signal?: Cancellation
  readonly timeoutMs?: number
}
export interface ExecResult { readonly stdout: string; readonly stderr: string; readonly exitCode: number }

/** A local listening port on 127.0.0.1 whose connections come out at the far end. */
export interface Forward {
  readonly port: number
  close(): Promise<void>
}

export interface SshConnection {
  /** Resolves with the exit code whatever it is; rejects with SSH_LOST, TIMEOUT or CANCELLED. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>
  /** Writes the whole file (temporary name, then rename) with this mode; makes the folders above it. `~/` is the home. */
  writeFile(path: string, content: string, mode: number): Promise<void>
  readFile(path: string): Promise<string>
  /** Forwards 127.0.0.1:localPort (0: any free) to this port of the far end's loopback. LOCAL_PORT_TAKEN when taken. */
  forward(localPort: number, remotePort: number): Promise<Forward>
  readonly closed: Promise<void>
  close(): Promise<void>
}

export interface Ssh {
  /** Tries until it answers or the time is over. Host key and authentication failures are not tried again. */
  connect(target: SshTarget, options: { timeoutMs: number; signal?: Cancellation }): Promise<SshConnection>
}

/** Makes a fresh ed25519 key pair in OpenSSH's formats. */
export type MakeKeyPair = (comment: string) => { publicKey: string; privateKey: string }
