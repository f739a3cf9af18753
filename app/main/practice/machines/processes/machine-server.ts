import { spawn } from 'node:child_process'
import { closeSync, existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import type { Connection } from 'ssh2'
import { isAuthorized } from './authorized-keys.ts'
import { join as joinForward, mayForward, openForward } from './forward.ts'
import { machineEnvironment, shell } from './machine-environment.ts'
import { serveSession } from './session.ts'
import { serveSftp } from './sftp.ts'

/**
 * The process that is a machine of the backend `processes`: an ssh server on loopback for one home directory. It is
 * started with the machine's folder, the port and the user, and outlives the endpoint.
 */
const [folder, portText, user] = process.argv.slice(2)
if (folder === undefined || portText === undefined
  || user === undefined) throw new Error('usage: machine-server FOLDER PORT USER')
const home = join(folder, 'home')

const say = (text: string): void => { process.stdout.write(`[rmada-practice] ${text}\n`) }

const serveConnection = (connection: Connection & { setNoDelay?(on: boolean): void }): void => {
  // There since ssh2 1.12, not yet in its types.
  connection.setNoDelay?.(true)
  connection.on('error', () => undefined)
  connection.on('authentication', (attempt) => {
    if (attempt.method === 'publickey' && attempt.username === user && isAuthorized(home, attempt)) attempt.accept()
    else attempt.reject(['publickey'])
  })
  connection.on('session', (accept) => {
    const session = accept()
    serveSession(session, home, user)
    session.on('sftp', (acceptSftp) => serveSftp(acceptSftp(), home))
  })
  connection.on('tcpip', (accept, reject, info) => {
    if (!mayForward(info.destIP)) { reject(); return }
    openForward(info.destIP, info.destPort).then((socket) => joinForward(accept(), socket), () => reject())
  })
}

/** Runs the user data at the first boot only, with its output on the console. */
const runUserData = (script: string, done: string): void => {
  if (!existsSync(script) || existsSync(done)) return
  writeFileSync(done, '')
  const line = process.platform === 'win32'
    ? { program: shell.program, args: ['-NoProfile', '-File', script] } : { program: script, args: [] }
  spawn(line.program, line.args, { cwd: home, env: machineEnvironment(home, user),
    stdio: ['ignore', 'inherit', 'inherit'] })
    .on('error', (error) => say(`The user data cannot run: ${error.message}`))
}

const hostKey = readFileSync(join(folder, 'host-key'), 'utf8')
const server = new ssh2.Server({ hostKeys: [hostKey] }, serveConnection)
server.on('error', (error: Error) => {
  say(`The ssh server cannot listen: ${error.message}`)
  process.exit(1)
})
server.listen(Number(portText), '127.0.0.1', () => {
  const key = ssh2.utils.parseKey(hostKey)
  if (key instanceof Error) throw key
  say(`boots, ssh on port ${portText}`)
  process.stdout.write('-----BEGIN SSH HOST KEY KEYS-----\n')
  process.stdout.write(`${key.type} ${key.getPublicSSH().toString('base64')} root@${user}\n`)
  process.stdout.write('-----END SSH HOST KEY KEYS-----\n')
  writeSync(3, 'listening\n')
  closeSync(3)
  runUserData(join(folder, 'user-data'), join(folder, 'user-data-done'))
})
