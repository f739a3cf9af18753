import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Connecting } from '../../core/ports/index.ts'

/** What is never asked through a proxy: this computer, and the address at which EC2 tells an instance its role. */
export const ownAddresses = 'localhost,127.0.0.1-127.255.255.255,::1,169.254.169.254'

type Environment = Readonly<Record<string, string | undefined>>

/** The proxy of the settings, or else those of the environment, in the form that Node's agents take. */
function proxyEnvironment(proxy: Connecting['proxy'], environment: Environment, bypass: string): NodeJS.ProcessEnv {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || ''
  const given = proxy === null ? null : proxyUrl(proxy)
  return {
    HTTP_PROXY: given ?? read('HTTP_PROXY'),
    HTTPS_PROXY: given ?? read('HTTPS_PROXY'),
    NO_PROXY: [read('NO_PROXY'), bypass].filter((part) => part !== '').join(',')
  }
}

function proxyUrl({ host, port, user, password }: NonNullable<Connecting['proxy']>): string {
  const signIn = user === null ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@`
  return `http://${signIn}${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Connections of the SDK: by Node's own agents, which speak to a proxy by CONNECT for https and by whole addresses for
 * http, and heed NO_PROXY. `named` is the proxy as host and port, for the words of a failure.
 */
export function makeAgents(proxy: Connecting['proxy'], environment: Environment, bypass: string) {
  const proxyEnv = proxyEnvironment(proxy, environment, bypass)
  const address = URL.parse(proxyEnv['HTTPS_PROXY'] || proxyEnv['HTTP_PROXY'] || '')
  const options = { keepAlive: true, maxSockets: 50, proxyEnv }
  return {
    httpAgent: new HttpAgent(options),
    httpsAgent: new HttpsAgent(options),
    named: address === null ? null : address.host
  }
}
