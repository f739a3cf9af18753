import { RmadaError } from '../../core/error.ts'
import type { ExecOptions, ExecResult, Forward, Ssh, SshConnection, SshTarget } from '../../core/ports/index.ts'

/** What a node keeps over connections. */
interface NodeState { readonly files: Map<string, string>; boot: number; withdrawn?: boolean }

/**
 * Nodes that understand what the manager asks of them. `before` sees every command and may refuse or change the
 * answer.
 */
export class FakeSsh implements Ssh {
  readonly nodes = new Map<string, NodeState>()
  readonly targets: SshTarget[] = []
  readonly commands: string[] = []
  readonly open = new Set<FakeConnection>()
  before: (instanceId: string, command: string) => ExecResult | null = () => null
  refuse: (instanceId: string) => RmadaError | null = () => null
  takenPorts = new Set<number>()
  ide = true
  #port = 40_000

  async connect(target: SshTarget, options: { signal?: { readonly aborted: boolean } } = {}): Promise<SshConnection> {
    if (options.signal?.aborted) throw new RmadaError('CANCELLED', 'Cancelled.', { suggestion: '' })
    this.targets.push(target)
    const refusal = this.refuse(target.instanceId)
    if (refusal) throw refusal
    const node = this.nodes.get(target.instanceId) ?? { files: new Map(), boot: 1 }
    this.nodes.set(target.instanceId, node)
    const connection = new FakeConnection(this, target, node)
    this.open.add(connection)
    return connection
  }

  freePort(): number {
    this.#port += 1
    return this.#port
  }

  /** What a reboot of the machines does to their connections. */
  reboot(): void {
    for (const node of this.nodes.values()) node.boot += 1
    for (const connection of this.open) void connection.close()
  }
}

class FakeConnection implements SshConnection {
  readonly closed: Promise<void>
  readonly #ssh: FakeSsh
  readonly #target: SshTarget
  readonly #node: NodeState
  readonly #end: () => void

  constructor(ssh: FakeSsh, target: SshTarget, node: NodeState) {
    const ended = Promise.withResolvers<void>()
    this.closed = ended.promise
    this.#end = ended.resolve
    this.#ssh = ssh
    this.#target = target
    this.#node = node
  }

  async exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    if (options.signal?.aborted) throw new RmadaError('CANCELLED', 'Cancelled.', { suggestion: '' })
    if (!this.#ssh.open.has(this)) throw new RmadaError('SSH_LOST', 'The connection broke.', { suggestion: '' })
    const stdin = options.stdin ?? ''
    this.#ssh.commands.push(`${this.#target.instanceId}: ${command}`)
    const answer = this.#ssh.before(this.#target.instanceId, command)
    if (answer) {
      options.onOutput?.(answer.stdout, 'stdout')
      options.onOutput?.(answer.stderr, 'stderr')
      return answer
    }
    if (command === 'sh -s') return ok(this.#configure(stdin))
    if (command.startsWith('mpirun ')) return ok(this.#mpirun())
    if (command.includes('evaluator.sh start')) return ok('{"port":5001,"pid":1}\n')
    if (command.includes('ide.sh start')) {
      const none: ExecResult = { stdout: '', stderr: 'none', exitCode: 3 }
      return this.#ssh.ide ? ok('{"kind":"jupyter","port":5002,"pid":2}\n') : none
    }
    if (command.includes('boot_id')) return ok(`boot-${this.#node.boot}\n`)
    return ok('')
  }

  async writeFile(path: string, content: string): Promise<void> { this.#node.files.set(path, content) }
  async readFile(path: string): Promise<string> { return this.#node.files.get(path) ?? '' }

  async forward(localPort: number): Promise<Forward> {
    if (this.#ssh.takenPorts.has(localPort)) {
      throw new RmadaError('LOCAL_PORT_TAKEN', `Port ${localPort} is taken.`, { suggestion: '' })
    }
    const port = localPort === 0 ? this.#ssh.freePort() : localPort
    this.#ssh.takenPorts.add(port)
    return { port, close: async () => { this.#ssh.takenPorts.delete(port) } }
  }

  async close(): Promise<void> {
    this.#ssh.open.delete(this)
    this.#end()
  }

  #configure(script: string): string {
    if (script.includes("MODE='contents'")) return 'r 4.4.1\nopenMpi 4.1.4\nevaluator 9\n'
    if (script.includes("MODE='withdraw'")) {
      this.#node.withdrawn = true
      return '/dev/shm/kept\n'
    }
    if (script.includes("MODE='restore'")) {
      this.#node.withdrawn = false
      return ''
    }
    if (script.includes("MODE='mount'")) {
      return '{"path":"/shared","formatted":true,"type":"ext4","source":"/dev/nvme1n1"}\n'
    }
    if (script.includes("MODE='able'")) return 'nfs\n'
    if (/MODE='(export|join|leave|unmount|where)'/.test(script)) return ''
    if (script.includes("MODE='key'")) return 'ssh-ed25519 AAAA rmada cluster\n'
    const hostfile = /HOSTFILE='([^']*)'/.exec(script)?.[1] ?? ''
    this.#node.files.set('~/ompi-hostfile', hostfile)
    return ''
  }

  #mpirun(): string {
    const lines = (this.#node.files.get('~/ompi-hostfile') ?? '').trim().split('\n')
    return lines.flatMap(line => {
      const [ip = '', slots = ''] = line.split(' slots=')
      return Array.from({ length: Number(slots) }, () => `${ip}\n`)
    }).join('')
  }
}

const ok = (stdout: string): ExecResult => ({ stdout, stderr: '', exitCode: 0 })
