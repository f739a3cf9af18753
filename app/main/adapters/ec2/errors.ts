import { RmadaError } from '../../core/error.ts'
import { clockFault } from './clock-skew.ts'
import {
  clockCodes, clockOff, credentialsMissing, proxyBroken, proxyRefused, rule, ruleFor, sessionEnded, ssoExpired
} from './error-rules.ts'
import type { Rule } from './error-rules.ts'

/** What the SDK throws: an EC2 error by its code as `name`, a Node error by `code`, or a failure of its own. */
interface SdkFailure {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  /** Where a connection was tried, as Node tells it. */
  readonly port?: number
  readonly hostname?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
  readonly $response?: unknown
}

const network: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name cannot be looked up',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNRESET: 'it cut the connection',
  EPIPE: 'it cut the connection',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer'
}

/** EC2's sentence, short enough to read and without the encoded blobs and key ids that it may hold. */
function said(failure: SdkFailure): string {
  const text = (failure.message ?? '')
    .replace(/Encoded authorization failure message:.*$/s, '')
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '(a key id)')
    .replace(/\s+/g, ' ')
    .trim()
  return text === '' ? 'no reason was given.' : text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function networkReason(failure: SdkFailure): string | null {
  if (failure.code && failure.code in network) return network[failure.code] ?? null
  if (failure.name === 'TimeoutError' || failure.name === 'AbortError') return 'it does not answer'
  if (failure.code === 'EPROTO' || /CERT|SSL|TLS/.test(failure.code ?? ''))
    return 'its certificate or encryption is not accepted'
  // The SDK parsed an answer that is no EC2 answer: a proxy's page, another service.
  if (
    failure instanceof SyntaxError ||
    /Deserialization error|not well-formed|Unexpected closing tag|^UnknownError|unclosed|invalid XML/i.test(
      `${failure.name} ${failure.message}`
    )
  )
    return 'what answers there does not speak as EC2 does'
  return null
}

/** Names the place in words: the endpoint's address, or AWS and its region. */
export interface Place {
  readonly region: string
  readonly endpoint: string | null
  readonly profile: string | null
  /** Host and port of the proxy that calls may go through. */
  readonly proxy?: string | null
}

/**
 * Any failure of a call as an RmadaError. `action` is the EC2 action. AWS's code and request id go to the details; no
 * part of a request does, so no secret can.
 */
export function translate(error: unknown, action: string, place: Place): RmadaError {
  if (error instanceof RmadaError) return error
  const failure = error as SdkFailure
  const name = failure.name ?? 'Error'
  const where = place.endpoint ?? `AWS in ${place.region}`
  const { httpStatusCode, requestId } = failure.$metadata ?? {}
  const details = {
    action,
    awsCode: failure.code ?? name,
    ...(requestId ? { requestId } : {}),
    ...(httpStatusCode ? { httpStatus: String(httpStatusCode) } : {})
  }
  const raise = ({ code, message, suggestion }: Rule) => {
    const [service, bare] = action.includes(':') ? (action.split(':') as [string, string]) : ['ec2', action]
    const fill = (text: string) =>
      text
        .replaceAll('{permission}', `${service}:${bare}`)
        .replaceAll('{action}', bare)
        .replaceAll('{said}', () => said(failure))
    return new RmadaError(code, fill(message), { suggestion: fill(suggestion), details, cause: error })
  }

  if (/^(CredentialsProviderError|TokenProviderError|ProviderError)$/.test(name))
    return raise(credentialsRule(failure, place))
  const clock = clockCodes.test(name) ? clockFault(failure.$response) : null
  if (clock) return raise(clockOff(clock))
  const matched = ruleFor(name)
  if (matched) return raise(matched)
  if (place.proxy && isOfProxy(failure, place.proxy)) return raise(proxyFailed(failure, place.proxy))
  const reason = networkReason(failure)
  if (reason) {
    return raise(
      rule(
        'ENDPOINT_UNREACHABLE',
        `The cloud at ${where} cannot be reached: ${reason}.`,
        place.endpoint ? "Check the endpoint's address and that it runs." : 'Check your internet connection and proxy.'
      )
    )
  }
  if (httpStatusCode !== undefined && httpStatusCode >= 500) {
    return raise(
      rule('CLOUD_ERROR', `The cloud at ${where} has trouble of its own: {said}`, 'Wait a minute and try again.')
    )
  }
  return raise(
    rule('CLOUD_ERROR', 'The cloud refused {action}: {said}', 'Change what the message names and try again.')
  )
}

function credentialsRule(failure: SdkFailure, place: Place): Rule {
  const text = failure.message ?? ''
  if (/\bSSO\b|sso login/.test(text)) {
    const profile = place.profile ?? (process.env['AWS_PROFILE'] || 'default')
    return ssoExpired(profile)
  }
  return /expired|refresh/i.test(text) ? sessionEnded : credentialsMissing(place.profile)
}

/** Whether it was the proxy that failed, and not what lies behind it. */
function isOfProxy(failure: SdkFailure, proxy: string): boolean {
  if (failure.code === 'ERR_PROXY_TUNNEL' || failure.$metadata?.httpStatusCode === 407) return true
  const { hostname, port } = new URL(`http://${proxy}`)
  if (failure.hostname !== undefined) return failure.hostname === hostname
  return failure.port !== undefined && String(failure.port) === (port || '80')
}

function proxyFailed(failure: SdkFailure, proxy: string): Rule {
  const status = /\b(4\d\d|5\d\d)\b/.exec(failure.message ?? '')?.[1] ?? failure.$metadata?.httpStatusCode
  if (String(status) === '407') return proxyRefused(proxy)
  return proxyBroken(proxy, networkReason(failure) ?? `it does not let the call through${status ? ` (${status})` : ''}`)
}

/** EC2's own code of a failed call, also when it was translated already. */
export function ec2Code(error: unknown): string {
  if (error instanceof RmadaError) return error.details['awsCode'] ?? ''
  return (error as SdkFailure | undefined)?.name ?? ''
}
