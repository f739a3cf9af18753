import type { Command } from 'commander'
import type { ConnectionSettings } from '../../../../contract/index.ts'
import { RmadaError } from '../../../core/error.ts'
import { runWithManager } from '../run-command.ts'
import { askHidden, readLines } from '../secret-input.ts'

interface ConnectionOptions {
  readonly proxy?: string | false
  readonly proxyUser?: string
  readonly proxyPassword?: boolean
  readonly connectSeconds?: string
  readonly answerSeconds?: string
  readonly retries?: string
}

/** `rmada connection`: proxy, time limits and retries of calls to AWS. */
export function addConnectionCommand(program: Command): void {
  program
    .command('connection')
    .description('show or change proxy, time limits and retries of calls to AWS')
    .option('--proxy <host:port>', 'proxy to go through')
    .option('--no-proxy', 'go through none, but that of the environment')
    .option('--proxy-user <name>', 'name to sign in at the proxy with')
    .option('--proxy-password', 'ask for its password, or read it as one line of standard input')
    .option('--connect-seconds <n>', 'longest time to connect')
    .option('--answer-seconds <n>', 'longest time for an answer')
    .option('--retries <n>', 'how often a call is tried again')
    .action(async (options: ConnectionOptions, command: Command) =>
      runWithManager(command, async (io, client) => {
        const { connectSeconds, answerSeconds, retries } = options
        const password = options.proxyPassword
          ? io.isTerminal ? await askHidden('Password at the proxy: ', io) : (await readLines(process.stdin, 1))[0]
          : undefined
        const proxy = proxyFrom(options, password)
        const change = {
          ...(proxy === undefined ? {} : { proxy }),
          ...(connectSeconds === undefined ? {} : { connectSeconds: Number(connectSeconds) }),
          ...(answerSeconds === undefined ? {} : { answerSeconds: Number(answerSeconds) }),
          ...(retries === undefined ? {} : { retries: Number(retries) })
        }
        const changed = Object.keys(change).length > 0
        const settings = changed ? await client.call('connection.set', change) : await client.call('connection.get', {})
        io.result(settings, settingsText(settings))
      })
    )
}

function proxyFrom({ proxy, proxyUser }: ConnectionOptions, password: string | undefined) {
  if (proxy === false) return null
  if (proxy === undefined) {
    if (proxyUser === undefined && password === undefined) return undefined
    throw new RmadaError('INVALID_INPUT', 'A user or password was given without the proxy that they are for.', {
      suggestion: 'Name the proxy as well, for example --proxy proxy.example.org:3128.'
    })
  }
  const at = proxy.lastIndexOf(':')
  return {
    host: at < 0 ? proxy : proxy.slice(0, at),
    // No port at all becomes one that is refused, with the sentence that says what a port is.
    port: at < 0 ? 0 : Number(proxy.slice(at + 1)) || 0,
    user: proxyUser ?? null,
    ...(password === undefined ? {} : { password })
  }
}

function settingsText({ proxy, environmentProxy, connectSeconds, answerSeconds, retries }: ConnectionSettings): string {
  const own = proxy && `${proxy.host}:${proxy.port}${proxy.user === null ? '' : ` as ${proxy.user}`}` +
    (proxy.password ? ', with a password' : '')
  const limits = `Connecting may take ${connectSeconds} s, an answer ${answerSeconds} s; ${retries} retries.`
  return `Proxy: ${own ?? (environmentProxy === null ? 'none' : `${environmentProxy}, from the environment`)}\n${limits}`
}
