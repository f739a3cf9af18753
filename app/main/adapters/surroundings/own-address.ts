import { BlockList, isIP, isIPv6 } from 'node:net'
import { RmadaError } from '../../core/error.ts'
import type { OwnAddress } from '../../core/ports/index.ts'

const limitMs = 5_000

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(endpoint: string): boolean {
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || (isIP(host) !== 0 && loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4'))
}

/**
 * The address that the cloud sees us come from, asked of Amazon's own service. Towards a cloud on this computer that is
 * the loopback address, and nobody is asked.
 */
export function createOwnAddress(service: string): OwnAddress {
  return async (cloudEndpoint) => {
    if (cloudEndpoint !== null && isLoopback(cloudEndpoint)) return '127.0.0.1/32'
    try {
      const response = await fetch(service, { signal: AbortSignal.timeout(limitMs), redirect: 'error' })
      const text = (await response.text()).trim()
      if (!response.ok || isIP(text) === 0) throw new Error(`${service} answered ${response.status}`)
      return `${text}/${isIPv6(text) ? 128 : 32}`
    } catch (error) {
      throw new RmadaError(
        'ENDPOINT_UNREACHABLE',
        `Your own internet address, which alone may reach the network, could not be found out: ` +
          `${service} does not answer.`,
        {
          suggestion: 'Check your internet connection and proxy, then try again.',
          details: { service, reason: error instanceof Error ? error.message : String(error) },
          cause: error
        }
      )
    }
  }
}

/** The user's own address as the cloud sees it. */
export const ownAddress: OwnAddress = createOwnAddress('https://checkip.amazonaws.com')
