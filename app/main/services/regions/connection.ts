import type { ConnectionSettings, Input } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Connecting, SecretStore, Settings, SettingsStore } from '../../core/ports/index.ts'

interface ConnectionPorts {
  readonly secrets: SecretStore
  readonly settings: SettingsStore
  readonly environment: Readonly<Record<string, string | undefined>>
}

const passwordName = 'proxy-password'

/** Proxy, time limits and retries of calls to AWS. The proxy's password goes in and never out. */
export class Connection {
  readonly #ports: ConnectionPorts

  constructor(ports: ConnectionPorts) {
    this.#ports = ports
  }

  async get(): Promise<ConnectionSettings> {
    const { proxy, connectSeconds, answerSeconds, retries } = this.#ports.settings.read()
    const password = proxy !== null && await this.#ports.secrets.get(passwordName) !== null
    return {
      proxy: proxy && { ...proxy, password },
      environmentProxy: this.#environmentProxy(),
      connectSeconds, answerSeconds, retries
    }
  }

  async set(change: Input<'connection.set'>): Promise<void> {
    const { secrets, settings } = this.#ports
    const next: Partial<Settings> = {
      ...(change.connectSeconds === undefined ? {} : {
        connectSeconds: within(change.connectSeconds, 1, 60, 'The time limit for connecting', 'seconds')
      }),
      ...(change.answerSeconds === undefined ? {} : {
        answerSeconds: within(change.answerSeconds, 5, 600, 'The time limit for an answer', 'seconds')
      }),
      ...(change.retries === undefined ? {} : { retries: whole(change.retries, 0, 10, 'The number of retries') }),
      ...(change.proxy === undefined ? {} : { proxy: change.proxy && checkedProxy(change.proxy) })
    }
    const kept = settings.read().proxy
    const { proxy } = next
    const password = change.proxy?.password
    if (password !== undefined && password.length > 1024) {
      throw invalid("The proxy's password is longer than 1024 characters.", 'Copy the password alone.')
    }
    if (password !== undefined && password !== '') await secrets.set(passwordName, password)
    // A password is for the proxy it was given for: it is not shown to another.
    else if (proxy === null || (proxy && (password === '' || proxy.host !== kept?.host || proxy.user !== kept.user))) {
      await secrets.delete(passwordName)
    }
    settings.write(next)
  }

  /** For the cloud adapter only. */
  async connecting(): Promise<Connecting> {
    const { proxy, connectSeconds, answerSeconds, retries } = this.#ports.settings.read()
    return {
      proxy: proxy && { ...proxy, password: await this.#ports.secrets.get(passwordName) },
      connectMs: connectSeconds * 1000,
      answerMs: answerSeconds * 1000,
      retries
    }
  }

  #environmentProxy(): string | null {
    const { environment } = this.#ports
    const named = environment['https_proxy'] || environment['HTTPS_PROXY']
    if (!named) return null
    // Host and port alone: the address may hold a password.
    return URL.parse(named)?.host ?? null
  }
}

type GivenProxy = NonNullable<Input<'connection.set'>['proxy']>

function checkedProxy({ host, port, user }: GivenProxy): NonNullable<Settings['proxy']> {
  const bare = host.trim()
  if (!/^(\[[0-9a-f:.]+\]|[0-9a-f:]*:[0-9a-f:.]*|[\p{L}\p{N}]([\p{L}\p{N}.-]{0,252}))$/iu.test(bare)) {
    throw invalid("The proxy's host is no host name: it has no scheme, no port and no path.",
      'Give the name alone, for example proxy.example.org.')
  }
  const name = user?.trim() || null
  if (name !== null && name.length > 256) {
    throw invalid("The proxy's user name is longer than 256 characters.", 'Give the user name alone.')
  }
  return { host: bare.replace(/^\[|\]$/g, ''), port: whole(port, 1, 65_535, "The proxy's port"), user: name }
}

function within(value: number, least: number, most: number, what: string, unit = ''): number {
  if (value >= least && value <= most) return value
  throw invalid(`${what} is not from ${least} to ${most}${unit === '' ? '' : ` ${unit}`}.`,
    'Choose a number in that range.')
}

function whole(value: number, least: number, most: number, what: string): number {
  if (Number.isInteger(value)) return within(value, least, most, what)
  throw invalid(`${what} is not a whole number from ${least} to ${most}.`, 'Choose a whole number in that range.')
}

const invalid = (message: string, suggestion: string): RmadaError =>
  new RmadaError('INVALID_INPUT', message, { suggestion })
