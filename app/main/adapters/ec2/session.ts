import { setTimeout as sleep } from 'node:timers/promises'
import type * as Ec2Module from '@aws-sdk/client-ec2'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { CloudAccess } from '../../core/ports/index.ts'
import { openConfig, ordinarySurroundings } from './client-config.ts'
import type { SharedConfig, Surroundings } from './client-config.ts'
import { ec2Code, translate } from './errors.ts'
import type { Place } from './errors.ts'
import { jittered } from './retry.ts'
import type { Patience } from './retry.ts'

type Sdk = typeof Ec2Module

/** Calls of one region with one set of credentials. */
export interface Session {
  readonly patience: Patience
  /** Runs calls of the SDK; whatever they throw becomes an RmadaError that names the action. */
  call<T>(action: string, work: (client: EC2Client, sdk: Sdk) => Promise<T>): Promise<T>
  /** The same for a client of another service, made of what all share; `action` as in sts:GetCallerIdentity. */
  share<T>(action: string, work: (shared: SharedConfig) => Promise<T>): Promise<T>
  /** Repeats a call for as long as it fails with one of these EC2 codes, up to the bound. */
  patiently<T>(codes: RegExp, boundMs: number, work: () => Promise<T>): Promise<T>
}

async function openClient(access: CloudAccess, patience: Patience, surroundings: Surroundings) {
  const config = await openConfig(access, patience, surroundings)
  // Only now: loading the SDK takes longer than the rest of Rmada's start.
  const sdk = await import('@aws-sdk/client-ec2')
  const client = new sdk.EC2Client({ ...config.shared, ...(access.endpoint ? { endpoint: access.endpoint } : {}) })
  return { client, sdk, ...config }
}

/** Opens nothing yet: SDK and client are made at the first call. */
export function createSession(
  access: CloudAccess, patience: Patience, surroundings: Surroundings = ordinarySurroundings
): Session {
  let opened: ReturnType<typeof openClient> | null = null
  let proxy: string | null = null
  let answered = false

  async function within<T>(action: string, work: (open: Awaited<ReturnType<typeof openClient>>) => Promise<T>) {
    try {
      const opening = (opened ??= openClient(access, patience, surroundings))
      const open = await opening.catch((error: unknown) => {
        // A profile that is not there now may be there the next time.
        opened = null
        throw error
      })
      proxy = open.proxy
      const result = await work(open)
      if (!answered) {
        answered = true
        open.hasAnswered()
      }
      return result
    } catch (error) {
      const place: Place = { region: access.region, endpoint: access.endpoint, profile: access.profile, proxy }
      throw translate(error, action, place)
    }
  }
  return {
    patience,
    call: (action, work) => within(action, ({ client, sdk }) => work(client, sdk)),
    share: (action, work) =>
      within(action, ({ shared, client }) => work({ ...shared, credentials: client.config.credentials })),
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
