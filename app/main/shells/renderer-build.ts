import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { appRoot } from './app-root.ts'

const sources = ['app', 'electron.vite.config.ts', 'package-lock.json']

function newest(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/** Whether the built window is missing or older than its sources; an installed app has none and is never stale. */
function isStale(): boolean {
  const built = statSync(join(appRoot, 'out/renderer/index.html'), { throwIfNoEntry: false })
  return !built || sources.some((path) => newest(join(appRoot, path)) > built.mtimeMs)
}

/** Builds main, preload and window with electron-vite when need be; rejects with what the build said when it fails. */
export async function buildIfStale(): Promise<void> {
  if (!isStale()) return
  process.stderr.write('Building the app …\n')
  const child = spawn(process.execPath, [join(appRoot, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'], {
    cwd: appRoot,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`The app could not be built:\n${output.trimEnd()}`)
}
