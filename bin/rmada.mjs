#!/usr/bin/env node
// The command `rmada`. Plain JavaScript for any Node from 20: it looks for the pinned Node, which runs TypeScript as it is.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const pinned = `${root}node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`
const source = `${root}app/main/shells/cli/main.ts`
const script = existsSync(source) ? source : `${root}out/main/cli.js`
const node = existsSync(pinned) ? pinned : process.execPath

const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...process.argv.slice(2)], { stdio: 'inherit' })
// At a terminal the child gets the same signal itself; this covers signals that are sent to this process alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  process.stderr.write(`rmada: ${error.message}\n`)
  process.exit(3)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
