import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appRoot } from '../../app/main/shells/app-root.ts'

interface Finished {
  readonly output: string
  readonly code: number | null
}

function runProgram(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  input: string,
  limitMs: number
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
    let output = ''
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
    }, limitMs)
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    child.on('error', (error) => {
      reject(new Error(`${program} could not be started: ${error.message}`))
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ output, code })
    })
    // A program that ends before it has read everything says why in its output.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

function newest(path: string): number {
  const found = statSync(path)
  return found.isDirectory() ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name)))) : found.mtimeMs
}

/** A library with the R package as it is in the checkout; installed anew only when a source is younger. */
export async function installPackage(environment: NodeJS.ProcessEnv): Promise<string> {
  // By user: a library that root made could not be renewed by anybody else.
  const library = join(appRoot, 'node_modules/.cache', `rmada-r-library-${process.getuid?.() ?? 'user'}`)
  const place = canMake(library) ? library : join(environment['RMADA_DATA_DIR'] ?? '.', 'r-library')
  const stamp = join(place, 'installed')
  const source = join(appRoot, 'r-package')
  const built = newest(source)
  if (existsSync(stamp) && statSync(stamp).mtimeMs === Math.floor(built)) return place
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  const { output, code } = await runProgram(
    'R',
    ['CMD', 'INSTALL', '--no-docs', '--no-test-load', `--library=${place}`, source],
    environment,
    '',
    120_000
  )
  if (code !== 0) throw new Error(`The R package cannot be installed: ${output.slice(-2000)}`)
  writeFileSync(stamp, '')
  utimesSync(stamp, new Date(), new Date(Math.floor(built)))
  return place
}

function canMake(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true })
    return true
  } catch {
    return false
  }
}

/** Types lines into a real R that loads the package from this library; resolves with all that the console showed. */
export async function typeIntoR(
  library: string,
  lines: readonly string[],
  environment: NodeJS.ProcessEnv
): Promise<string> {
  const script = [`library(rmada, lib.loc = ${JSON.stringify(library)})`, ...lines, ''].join('\n')
  const { output, code } = await runProgram(
    'R',
    ['--no-save', '--no-restore', '--no-init-file', '--quiet'],
    environment,
    script,
    180_000
  )
  if (code !== 0) throw new Error(`R ended with code ${code}: ${output.slice(-2000)}`)
  return output
}
