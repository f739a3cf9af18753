import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output, run } from './command.mjs'

const windows = process.platform === 'win32'
const npm = windows ? 'npm.cmd' : 'npm'

/** Native add-ons: what is lost when one cannot be compiled or fetched. */
const addOns = [
  ['ssh2', 'ssh runs on slower encryption'],
  ['cpu-features', 'ssh chooses its cipher without knowing the processor'],
  ['keytar', 'AWS keys that you type in are kept in memory only, not in the keychain']
]

/**
 * Installs the npm packages of the lock file when they are not there or the lock file has changed, then the pinned Node,
 * then the native add-ons for that Node. Ends the process with a plain sentence when the packages cannot be had.
 */
export async function setUpNpmPackages({ root, say }) {
  const stamp = join(root, 'node_modules', '.rmada-setup.json')
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).update(process.platform + process.arch).digest('hex')
  const pinnedNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
  if (read(stamp)?.lock === wanted && existsSync(pinnedNode)) return

  say('installing npm packages')
  // Electron's package would fetch its binary from outside the registry; that is tried apart, with a limit.
  const env = { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }
  const code = await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, env, limitSeconds: 900 })
  if (code !== 0) {
    say('the npm packages could not be installed; check the connection to the npm registry and run the same command again')
    process.exit(1)
  }
  if (await run(npm, ['rebuild', 'node', '--loglevel=error'], { cwd: root, env, limitSeconds: 300 }) !== 0 || !existsSync(pinnedNode)) {
    say('the pinned Node (npm package "node") could not be installed; check the connection to the npm registry and run the same command again')
    process.exit(1)
  }
  await buildAddOns({ root, pinnedNode, say })
  writeFileSync(stamp, JSON.stringify({ lock: wanted }) + '\n')
}

/** Compiles for the pinned Node, with the headers that its own package carries, so that nothing else need be fetched. */
async function buildAddOns({ root, pinnedNode, say }) {
  const os = windows ? 'win' : process.platform
  const carrier = join(root, 'node_modules', 'node', 'node_modules', `node-${os}-${process.arch}`)
  const env = {
    PATH: `${join(pinnedNode, '..')}${windows ? ';' : ':'}${process.env.PATH ?? ''}`,
    ...(existsSync(join(carrier, 'include')) ? { npm_config_nodedir: carrier } : {})
  }
  const results = await Promise.all(addOns.map(async ([name, loss]) => {
    if (!existsSync(join(root, 'node_modules', name))) return [name, loss]
    const code = await run(npm, ['rebuild', name, '--loglevel=silent'], { cwd: root, env, limitSeconds: 180, quiet: true })
    const loads = code === 0 && output(pinnedNode, ['-e', loadTest(name)]) !== null
    return loads ? null : [name, loss]
  }))
  for (const lost of results) if (lost) say(`the native part of "${lost[0]}" could not be built: ${lost[1]}`)
}

function loadTest(name) {
  const file = name === 'ssh2' ? 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node' : name
  return `process.chdir(${JSON.stringify(process.cwd())}); require(require.resolve(${JSON.stringify(file)}, { paths: [process.cwd()] }))`
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
