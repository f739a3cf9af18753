import type { EC2ClientConfig } from '@aws-sdk/client-ec2'
import type { CloudAccess } from '../../core/ports/index.ts'
import { RmadaError } from '../../core/error.ts'
import { makeAgents, ownAddresses } from './agents.ts'
import { profileExists } from './profiles.ts'
import { retryStrategy } from './retry.ts'
import type { Patience } from './retry.ts'

const ordinaryConnectMs = 3_000
const ordinaryAnswerMs = 60_000

/** What the adapter takes from around it; tests go through a proxy to this very computer. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Hosts that are never asked through a proxy, as NO_PROXY names them. */
  readonly bypass: string
}
export const ordinarySurroundings: Surroundings = { environment: process.env, bypass: ownAddresses }

/** What clients of every service share, so that credentials are looked for once and limits are the same. */
export interface SharedConfig {
  readonly region: string
  readonly credentials: NonNullable<EC2ClientConfig['credentials']>
  readonly requestHandler: NonNullable<EC2ClientConfig['requestHandler']>
  readonly retryStrategy: NonNullable<EC2ClientConfig['retryStrategy']>
}

/** The shared part of every client's configuration, with the way to lengthen the limit of the first answer. */
export async function openConfig(access: CloudAccess, patience: Patience, surroundings: Surroundings) {
  const { connecting, profile } = access
  if (profile !== null && !(await profileExists(profile))) throw profileUnknown(profile)
  const [{ NodeHttpHandler }, { fromNodeProviderChain }] = await Promise.all([
    import('@smithy/node-http-handler'),
    import('@aws-sdk/credential-providers')
  ])
  const { httpAgent, httpsAgent, named } = makeAgents(
    connecting?.proxy ?? null, surroundings.environment, surroundings.bypass
  )
  const answerMs = connecting?.answerMs ?? ordinaryAnswerMs
  const requestHandler = new NodeHttpHandler({
    connectionTimeout: connecting?.connectMs ?? ordinaryConnectMs,
    // Never longer for a first answer than for any other.
    requestTimeout: Math.min(patience.firstAnswer, answerMs),
    throwOnRequestTimeout: true,
    httpAgent,
    httpsAgent
  })
  const shared: SharedConfig = {
    region: access.region,
    requestHandler,
    retryStrategy: retryStrategy(patience, connecting?.retries),
    credentials: access.credentials
      ? {
          accessKeyId: access.credentials.accessKeyId,
          secretAccessKey: access.credentials.secretAccessKey,
          ...(access.credentials.sessionToken ? { sessionToken: access.credentials.sessionToken } : {})
        }
      : fromNodeProviderChain({ ...(profile ? { profile } : {}), clientConfig: { requestHandler } })
  }
  return {
    shared,
    proxy: named,
    /** An endpoint that has answered may take its time for a long list. */
    hasAnswered: () => requestHandler.updateHttpClientConfig('requestTimeout', answerMs)
  }
}

function profileUnknown(profile: string): RmadaError {
  const shown = profile.length > 60 ? `${profile.slice(0, 60)}…` : profile
  return new RmadaError('PROFILE_UNKNOWN', `The AWS configuration of this computer has no profile "${shown}".`, {
    suggestion: 'Choose one of the profiles that are listed, or make it with "aws configure --profile NAME".'
  })
}
