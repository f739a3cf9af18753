import { spawnSync } from 'node:child_process'

/** Size of a terminal in characters. */
export interface TerminalSize { readonly rows: number; readonly cols: number }

/**
 * Runs a program on a terminal of its own without native modules, relaying standard input and output: Python's standard
 * library opens the terminal, and reads new sizes ("rows cols" lines) from descriptor 3.
 */
const pythonRelay = `
import fcntl, os, pty, select, signal, struct, sys, termios
rows, cols = int(sys.argv[1]), int(sys.argv[2])
def resize(fd, rows, cols):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, cols, 0, 0))
pid, terminal = pty.fork()
if pid == 0:
    os.close(3)
    resize(0, rows, cols)
    os.execvp(sys.argv[3], sys.argv[3:])
sources = [0, 3, terminal]
pending = b''
def write(fd, data):
    while data:
        data = data[os.write(fd, data):]
try:
    while terminal in sources:
        for fd in select.select(sources, [], [])[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                data = b''
            if fd == terminal:
                if data: write(1, data)
                else: sources.remove(terminal)
            elif not data:
                sources.remove(fd)
                if fd == 0: write(terminal, b'\\x04')
            elif fd == 0:
                write(terminal, data)
            else:
                pending += data
                *lines, pending = pending.split(b'\\n')
                for line in lines:
                    resize(terminal, *map(int, line.split()))
except BrokenPipeError:
    pass
os.close(terminal)
status = os.waitpid(pid, 0)[1]
if os.WIFSIGNALED(status):
    signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
    os.kill(os.getpid(), os.WTERMSIG(status))
sys.exit(os.WEXITSTATUS(status))
`

let python: string | null | undefined

/** Python 3 by its full path, null when this computer has none. Asked once. */
function findPython(): string | null {
  if (python === undefined) {
    const found = ['/usr/bin/python3', '/usr/local/bin/python3', '/opt/homebrew/bin/python3', 'python3'].find((path) =>
      spawnSync(path, ['-c', 'import pty, fcntl, termios'], { stdio: 'ignore' }).status === 0)
    python = found ?? null
  }
  return python
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/**
 * The command line that runs a program on a terminal; `resizable` when descriptor 3 takes new sizes. Without Python it
 * is
 * script(1), whose terminal keeps its first size; on Windows there is no terminal and the program runs on pipes.
 */
export function onTerminal(program: string, args: readonly string[], size: TerminalSize): {
  readonly program: string; readonly args: readonly string[]; readonly resizable: boolean
} {
  if (process.platform === 'win32') return { program, args, resizable: false }
  const python3 = findPython()
  if (python3) {
    return { program: python3, args: ['-c', pythonRelay, String(size.rows), String(size.cols), program, ...args],
      resizable: true }
  }
  const sized = `stty rows ${size.rows} cols ${size.cols}; exec ${[program, ...args].map(quote).join(' ')}`
  return process.platform === 'linux'
    ? { program: 'script', args: ['-qefc', sized, '/dev/null'], resizable: false }
    : { program: 'script', args: ['-q', '/dev/null', '/bin/sh', '-c', sized], resizable: false }
}
