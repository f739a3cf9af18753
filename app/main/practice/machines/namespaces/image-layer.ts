import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { machinePath } from './probe.ts'

const run = promisify(execFile)

/** What of a disk an image keeps: the overlay's upper layers, /home and /root. Not /tmp, which is cleared at a boot. */
const kept = ['upper', 'home', 'root', 'mounts']
/** What the practice cloud itself notes of a machine, as cloud-init does by instance id: of no meaning in another. */
const ownNotes = './upper/var/lib/rmada-practice'
const layer = 'layer.tar'

/** Whiteouts of the overlay are devices, and its marks are attributes that only tar is told to keep. */
const asItIs = ['--numeric-owner', '--xattrs', '--xattrs-include=*']

/**
 * Writes the disk of a machine into an image as one archive: where the state directory is itself on an overlay, no
 * folder of it could hold the marks of another. The machine may run: what vanishes or grows meanwhile is no fault.
 */
export async function writeLayer(disk: string, imageFolder: string): Promise<void> {
  const args = [
    '-C', disk, ...asItIs, '--sparse', '--warning=no-file-ignored', '--warning=no-file-changed',
    '--warning=no-file-removed', `--exclude=${ownNotes}`, '-cf', join(imageFolder, layer),
    ...kept.map((name) => `./${name}`)
  ]
  await mkdir(join(disk, 'mounts'), { recursive: true })
  try {
    await run('tar', args, { env: { PATH: machinePath } })
  } catch (error) {
    // 1: a file changed while it was read.
    if ((error as { code?: unknown }).code !== 1) throw error
  }
}

/** Puts an image's files on a new disk, before the machine's own are put there. */
export async function unpackLayer(imageFolder: string, disk: string): Promise<void> {
  await run('tar', ['-C', disk, ...asItIs, '-xpf', join(imageFolder, layer)], { env: { PATH: machinePath } })
}
