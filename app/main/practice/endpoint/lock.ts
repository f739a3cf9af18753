import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { RmadaError } from '../../core/error.ts'

/**
 * Takes a directory for this process: two endpoints over one state would undo each other's work. A lock whose process
 * is gone is taken over. Raises PRACTICE_UNAVAILABLE while another one holds it.
 *
 * @returns gives the directory free again
 */
export async function takeDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'endpoint.lock')
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const handle = await open(file, 'wx', 0o600)
      await handle.writeFile(`${process.pid} ${await startOf(process.pid)}`)
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid = '', start = ''] = (await readFile(file, 'utf8').catch(() => '')).split(' ')
    if (await isAlive(Number(pid), start)) {
      throw new RmadaError(
        'PRACTICE_UNAVAILABLE',
        `Another practice cloud (process ${pid}) is already at work in ${directory}.`,
        {
          suggestion: 'Use that one, or end it first.'
        }
      )
    }
    await rm(file, { force: true })
  }
  throw new RmadaError('PRACTICE_UNAVAILABLE', `The practice cloud could not take ${directory} for itself.`, {
    suggestion: 'Try again.'
  })
}

async function isAlive(pid: number, start: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return (await startOf(pid)) === start
}

/** When a process began, where the system tells: process ids are used again, pairs of both are not. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The command's name, in parentheses, may hold spaces; the start time is the 20th field after it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
