import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * One process of this computer for all time: a pid alone may be another program's tomorrow, so the moment of its start
 * (and, on Linux, the boot of this computer) belong to it.
 */
export interface ProcessIdentity { readonly pid: number; readonly start: string }

/** Every process of a machine inherits this variable, with the machine's folder as its value. */
export const machineMarker = 'RMADA_MACHINE'

/**
 * State, parent and start time of a process from /proc; null when it is gone. The name in brackets may hold anything.
 */
function readStat(pid: number): { state: string; parent: number; start: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', parent: Number(fields[1]), start: fields[19] ?? '' }
  } catch {
    return null
  }
}

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 << 20 })
  } catch {
    return ''
  }
}

/** When the process started, as text that is equal exactly when it is the same process; null when it does not live. */
function startOf(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = readStat(pid)
    if (!stat || stat.state === 'Z' || stat.state === 'X') return null
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${stat.start}`
  }
  const text = process.platform === 'win32'
    ? run('powershell.exe', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`])
    : run('ps', ['-o', 'lstart=', '-p', String(pid)])
  return text.trim() || null
}

/** The identity of a living process, null when there is none of that pid. */
export function identify(pid: number): ProcessIdentity | null {
  const start = startOf(pid)
  return start === null ? null : { pid, start }
}

/** Whether exactly this process lives; a zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.start
}

/** Sends a signal to exactly this process; nothing happens when it is gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return
  try {
    process.kill(identity.pid, name)
  } catch {
    // It ended in between, or became another user's (sudo): both are none of ours to end.
  }
}

/** Resolves true when the process has ended, false when it still lives after the time limit. */
export async function waitForEnd(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false
    await sleep(10)
  }
  return true
}

/**
 * Pids of processes that were started with this environment variable set to the value or, with `below`, to a path
 * below it.
 */
export function findByEnvironment(name: string, value: string, below = false): number[] {
  if (process.platform === 'win32') return []
  const found: number[] = []
  const matches = (text: string): boolean => text === `${name}=${value}`
    || (below && text.startsWith(`${name}=${value}/`))
  if (process.platform === 'linux') {
    for (const entry of readdirSync('/proc')) {
      const pid = Number(entry)
      if (!Number.isInteger(pid) || pid === process.pid) continue
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
        if (!environment.includes(`${name}=`)) continue
        if (Buffer.from(environment, 'latin1').toString().split('\0').some(matches)) found.push(pid)
      } catch {
        // Gone, or another user's.
      }
    }
    return found.filter((pid) => startOf(pid) !== null)
  }
  // macOS and BSD print the environment after the arguments; a value with spaces still ends at the next variable or
  // line.
  for (const line of run('ps', ['-axwwE', '-o', 'pid=,command=']).split('\n')) {
    const pid = Number(line.trim().split(' ')[0])
    const matched = `${line} `.includes(` ${name}=${value} `) || (below && line.includes(` ${name}=${value}/`))
    if (matched && pid !== process.pid) found.push(pid)
  }
  return found
}

/** Pids of processes that work in this folder or below it: what cleared its environment often still stands there. */
function findByDirectory(folder: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').map(Number).filter((pid) => {
    if (!Number.isInteger(pid) || pid === process.pid) return false
    try {
      const path = readlinkSync(`/proc/${pid}/cwd`)
      return path === folder || path.startsWith(`${folder}/`)
    } catch {
      return false
    }
  })
}

/** Pids of all children of these processes, their children, and so on. */
function descendants(roots: readonly number[]): number[] {
  const table: (readonly [number, number])[] = []
  if (process.platform === 'linux') {
    for (const entry of readdirSync('/proc')) {
      const stat = Number.isInteger(Number(entry)) ? readStat(Number(entry)) : null
      if (stat && stat.state !== 'Z') table.push([Number(entry), stat.parent])
    }
  } else {
    for (const line of run('ps', ['-ax', '-o', 'pid=,ppid=']).split('\n')) {
      const [pid, parent] = line.trim().split(/\s+/).map(Number)
      if (pid !== undefined && parent !== undefined) table.push([pid, parent])
    }
  }
  const family = new Set(roots)
  for (let grown = -1; grown !== family.size;) {
    grown = family.size
    for (const [pid, parent] of table) if (family.has(parent)) family.add(pid)
  }
  return [...family].filter((pid) => !roots.includes(pid) && pid !== process.pid)
}

/**
 * Ends every process of the machine in this folder, also those that left its process group (setsid, nohup): they are
 * found by the marker in their environment, by descent, and (on Linux) by the folder in which they work, until no new
 * one
 * appears. One that cleared its environment, changed its folder and lost its parent escapes. On Windows there is no
 * environment to read: the tree below the machine's server ends, and a process that left that tree stays.
 */
export async function endMachineProcesses(folder: string, server: ProcessIdentity | null): Promise<void> {
  if (process.platform === 'win32') {
    if (server && isAlive(server)) run('taskkill', ['/PID', String(server.pid), '/T', '/F'])
    return
  }
  let clean = 0
  for (let round = 0; round < 100; round += 1) {
    const marked = [...new Set([...findByEnvironment(machineMarker, folder), ...findByDirectory(join(folder, 'home'))])]
    if (server && isAlive(server) && !marked.includes(server.pid)) marked.push(server.pid)
    clean = marked.length === 0 ? clean + 1 : 0
    // Twice nothing: a process shows no environment at the very moment in which it becomes another program.
    if (clean === 2) return
    for (const pid of [...marked, ...descendants(marked)]) {
      const identity = identify(pid)
      if (identity) signal(identity, 'SIGKILL')
    }
    await sleep(10)
  }
  throw new Error(`Processes of ${folder} do not end`)
}
