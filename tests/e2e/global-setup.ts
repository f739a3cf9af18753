import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Builds the renderer where nobody has yet; `npm test` builds everything before it comes here. */
export default function setUp(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  if (existsSync(`${root}/out/renderer/index.html`)) return
  execFileSync(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], { cwd: root, stdio: 'inherit' })
}
