import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Writable } from 'node:stream'
import type { ServerChannel, Session } from 'ssh2'
import { machineEnvironment, shell } from './machine-environment.ts'
import { onTerminal } from './pty-relay.ts'
import type { TerminalSize } from './pty-relay.ts'

/** Connects a program to its channel; the channel closes when the program has ended and all its output is through. */
function attach(child: ChildProcess, channel: ServerChannel): void {
  // A client that closes early breaks these pipes: that is its right, and the program hears of it by SIGPIPE.
  for (const pipe of [channel, channel.stderr, child.stdin, child.stdout, child.stderr]) pipe?.on('error', () =>
    undefined)
  if (child.stdin) channel.pipe(child.stdin)
  child.stdout?.pipe(channel, { end: false })
  child.stderr?.pipe(channel.stderr, { end: false })
  channel.on('close', () => {
    child.stdout?.destroy()
    child.stderr?.destroy()
    child.stdin?.destroy()
  })
  child.once('error', (error) => {
    channel.stderr.write(`${error.message}\n`)
    channel.exit(127)
    channel.end()
  })
  child.once('close', (code, signalName) => {
    if (signalName) channel.exit(signalName.slice(3), false)
    else channel.exit(code ?? 255)
    channel.end()
  })
}

/** Serves `exec`, `shell`, `pty-req`, `env`, `window-change` and `signal` of one ssh session. */
export function serveSession(session: Session, home: string, user: string): void {
  const environment = machineEnvironment(home, user)
  let terminal: (TerminalSize & { readonly term: string }) | null = null
  let child: ChildProcess | null = null
  let resizable = false

  const start = (channel: ServerChannel, program: string, args: readonly string[]): void => {
    const line = terminal ? onTerminal(program, args, terminal) : { program, args, resizable: false }
    resizable = line.resizable
    if (terminal) environment['TERM'] = terminal.term || 'xterm'
    child = spawn(line.program, line.args, {
      cwd: home,
      env: environment,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe', ...(resizable ? ['pipe' as const] : [])]
    })
    if (resizable) child.stdio[3]?.on('error', () => undefined)
    attach(child, channel)
    // As from a real terminal, what runs on it hears the hang-up; a command without terminal may go on.
    if (terminal) channel.on('close', () => child?.kill('SIGHUP'))
  }

  const sizeOf = (info: { rows: number; cols: number }): TerminalSize =>
    ({ rows: info.rows || 24, cols: info.cols || 80 })
  session.on('pty', (accept, _reject, info) => {
    terminal = { ...sizeOf(info), term: info.term }
    accept?.()
  })
  session.on('window-change', (accept, _reject, info) => {
    const size = sizeOf(info)
    const sizes = resizable ? child?.stdio[3] as Writable | undefined : undefined
    sizes?.write(`${size.rows} ${size.cols}\n`)
    accept?.()
  })
  session.on('env', (accept, reject, info) => {
    // As sshd's AcceptEnv on Debian: a client may choose the language, nothing else.
    if (!/^(LANG|LC_[A-Z]+)$/.test(info.key)) { reject?.(); return }
    environment[info.key] = info.val
    accept?.()
  })
  session.on('signal', (accept, _reject, info) => {
    try {
      if (child?.pid) process.kill(process.platform === 'win32' ? child.pid : -child.pid, `SIG${info.name}`)
    } catch {
      // Ended already, or no such signal here.
    }
    accept?.()
  })
  session.on('exec', (accept, _reject, info) => start(accept(), shell.program, shell.command(info.command)))
  session.on('shell', (accept) => start(accept(), shell.program, shell.interactive))
}
