import { setTimeout as sleep } from 'node:timers/promises'
import type * as Ec2Module from '@aws-sdk/client-ec2'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { CloudAccess } from '../../core/ports/index.ts'
import { ec2Code, translate } from './errors.ts'
import type { Place } from './errors.ts'
import { jittered, retryStrategy } from './retry.ts'
import type { Patience } from './retry.ts'

type Sdk = typeof Ec2Module

/** Calls of one region with one set of credentials. */
export interface Session {
  readonly patience: Patience
  /** Runs calls of the SDK; whatever they throw becomes an RmadaError that names the action. */
  call<T>(action: string, work: (client: EC2Client, sdk: Sdk) => Promise<T>): Promise<T>
  /** Repeats a call for as long as it fails with one of these EC2 codes, up to the bound. */
  patiently<T>(codes: RegExp, boundMs: number, work: () => Promise<T>): Promise<T>
}

const connectLimitMs = 3_000
const answerLimitMs = 60_000

async function openClient(access: CloudAccess, patience: Patience): Promise<{ client: EC2Client; sdk: Sdk }> {
  // Only now: loading the SDK takes longer than the rest of Rmada's start.
  const sdk = await import('@aws-sdk/client-ec2')
  const client = new sdk.EC2Client({
    region: access.region,
    retryStrategy: retryStrategy(patience),
    requestHandler: {
      connectionTimeout: connectLimitMs,
      requestTimeout: patience.firstAnswer,
      throwOnRequestTimeout: true
    },
    ...(access.endpoint ? { endpoint: access.endpoint } : {}),
    ...(access.profile ? { profile: access.profile } : {}),
    ...(access.credentials
      ? {
          credentials: {
            accessKeyId: access.credentials.accessKeyId,
            secretAccessKey: access.credentials.secretAccessKey,
            ...(access.credentials.sessionToken ? { sessionToken: access.credentials.sessionToken } : {})
          }
        }
      : {})
  })
  return { client, sdk }
}

/** Opens nothing yet: SDK and client are made at the first call. */
export function createSession(access: CloudAccess, patience: Patience): Session {
  const place: Place = { region: access.region, endpoint: access.endpoint, profile: access.profile }
  let opened: ReturnType<typeof openClient> | null = null
  let answered = false
  return {
    patience,
    async call(action, work) {
      try {
        opened ??= openClient(access, patience)
        const { client, sdk } = await opened
        const result = await work(client, sdk)
        if (!answered) {
          answered = true
          // Every handler of the SDK has this; its type in the client's config leaves it out.
          const handler = client.config.requestHandler as {
            updateHttpClientConfig?: (key: string, value: number) => void
          }
          handler.updateHttpClientConfig?.('requestTimeout', answerLimitMs)
        }
        return result
      } catch (error) {
        throw translate(error, action, place)
      }
    },
    async patiently(codes, boundMs, work) {
      const deadline = Date.now() + boundMs
      for (let pause = 250; ; pause = Math.min(pause * 1.7, 5_000)) {
        try {
          return await work()
        } catch (error) {
          if (!codes.test(ec2Code(error)) || Date.now() + pause > deadline) throw error
          await sleep(jittered(pause))
        }
      }
    }
  }
}
