import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { appRoot } from './app-root.ts'
import { runBrowserShell } from './browser/main.ts'
import { buildIfStale } from './renderer-build.ts'

// `npm start`: opens the app in Electron where its binary is there, else in the browser shell.

/** Electron's program, by the file that its npm package writes once the download is complete; null without it. */
function electronProgram(): string | null {
  const folder = join(appRoot, 'node_modules/electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const program = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(program) ? program : null
}

function runElectron(program: string): void {
  const child = spawn(program, [appRoot], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`Electron could not be started: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

try {
  await buildIfStale()
  const program = electronProgram()
  if (program && !process.argv.includes('--browser')) {
    runElectron(program)
  } else {
    if (!program)
      process.stderr.write("Electron's binary is not installed, so the app opens in a browser window instead.\n")
    await runBrowserShell(process.env)
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
