import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'

const limitSeconds = Number(process.env.RMADA_ELECTRON_LIMIT_SECONDS ?? 180)
const tryAgainAfterMs = 24 * 60 * 60 * 1000

/**
 * Fetches Electron's binary once, within a limit. A failure is remembered for a day, so that starting stays quick where it
 * cannot be had; `npm start` then opens the browser shell.
 */
export async function setUpElectron({ root, say }) {
  const electron = join(root, 'node_modules', 'electron')
  const failure = join(root, 'node_modules', '.rmada-electron-failed')
  if (existsSync(join(electron, 'dist', 'version')) || !existsSync(electron)) return
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return
  if (existsSync(failure) && Date.now() - Number(readFileSync(failure, 'utf8')) < tryAgainAfterMs) return
  say(`fetching Electron's binary (at most ${limitSeconds} s)`)
  const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const code = await run(pinned, [join(electron, 'install.js')], { cwd: root, limitSeconds, quiet: true })
  if (code === 0 && existsSync(join(electron, 'dist', 'version'))) return
  writeFileSync(failure, String(Date.now()))
  say("Electron's binary cannot be had now; the app opens in a browser window instead. It is tried again tomorrow.")
}
