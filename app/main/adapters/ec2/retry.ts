import type { EC2ClientConfig } from '@aws-sdk/client-ec2'

/** How long calls are tried again, in milliseconds; tests make it short. */
export interface Patience {
  /** Doubled at each retry of a throttled call, up to `longestPause`. */
  readonly throttledPause: number
  readonly longestPause: number
  /** For an endpoint that has not answered yet; one that has may take its time for a long list. */
  readonly firstAnswer: number
  /** How long a security or placement group may stay in use, or a fresh id unknown. */
  readonly inUse: number
  readonly notYetKnown: number
}

/** AWS takes up to a minute to let go of the network card of a terminated instance. */
export const ordinaryPatience: Patience = {
  throttledPause: 400,
  longestPause: 12_000,
  firstAnswer: 8_000,
  inUse: 120_000,
  notYetKnown: 8_000
}

const throttledRetries = 7
const serverErrorRetries = 3
const networkRetries = 1

/** Answers of status 500 and 503 that waiting a second does not change: the user decides what to rent instead. */
const final = /Capacity|LimitExceeded|Unsupported|MaxSpot/

type Strategy = Extract<NonNullable<EC2ClientConfig['retryStrategy']>, { acquireInitialRetryToken: unknown }>
type ErrorInfo = Parameters<Strategy['refreshRetryTokenForRetry']>[1]

/** A random part of the pause, so that several clients that were turned away together do not return together. */
export function jittered(pause: number): number {
  return pause / 2 + (Math.random() * pause) / 2
}

function pauseFor(retry: number, { error, errorType }: ErrorInfo, patience: Patience, most: number): number | null {
  const name = error?.name ?? ''
  if (errorType === 'THROTTLING') {
    return retry < throttledRetries
      ? jittered(Math.min(patience.throttledPause * 2 ** retry, patience.longestPause))
      : null
  }
  if (errorType === 'CLIENT_ERROR' || final.test(name)) return null
  // A call without a status got no answer: a wrong address does not become right, a network hiccup passes, and who
  // waited for an answer in vain has waited long enough.
  const answered = error?.$metadata?.httpStatusCode !== undefined
  // The SDK calls a cut connection so too: an endpoint may close one that was kept open just as it is used again.
  const cut = /^(ECONNRESET|EPIPE)$/.test((error as { code?: string } | undefined)?.code ?? '')
  if (!answered && name === 'TimeoutError' && !cut) return null
  return retry < (answered ? most : Math.min(most, networkRetries))
    ? jittered(Math.min(300 * 2 ** retry, patience.longestPause))
    : null
}

const token = (count: number, delay: number) => ({ getRetryCount: () => count, getRetryDelay: () => delay })

/**
 * The SDK's retry strategy with bounds of our own: its standard one tries an endpoint that nobody serves for minutes,
 * and calls a lack of capacity transient.
 */
export function retryStrategy(patience: Patience, retries: number = serverErrorRetries): Strategy {
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(previous, info) {
      const count = previous.getRetryCount()
      const pause = pauseFor(count, info, patience, retries)
      if (pause === null) throw new Error('no more retries')
      const hinted = info.retryAfterHint ? info.retryAfterHint.getTime() - Date.now() : 0
      return token(count + 1, Math.max(pause, Math.min(hinted, patience.longestPause)))
    },
    recordSuccess: () => {
      /* nothing is counted across calls */
    }
  }
}
