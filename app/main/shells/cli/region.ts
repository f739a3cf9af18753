import type { Command } from 'commander'
import type { Client } from '../../../contract/index.ts'

/** What a command line and its environment say about the cloud. */
export interface RegionChoice {
  readonly region: string
  readonly endpoint: string | undefined
  readonly profile: string | undefined
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined
}

export interface RegionOptions {
  readonly region?: string
  readonly endpoint?: string
}

const practiceRegion = 'practice-1'

/** Adds the options that name a cloud. */
export function withRegionOptions(command: Command): Command {
  return command
    .option('--region <id>', 'region; AWS_REGION or AWS_DEFAULT_REGION by default, else the practice cloud')
    .option('--endpoint <url>', 'another EC2-compatible endpoint; AWS_ENDPOINT_URL_EC2 or AWS_ENDPOINT_URL by default')
}

/** The cloud that options and the AWS SDK's own environment variables name; options come first. */
export function chooseRegion(options: RegionOptions, environment: NodeJS.ProcessEnv): RegionChoice {
  // An empty variable counts as unset, as in the SDKs.
  const read = (name: string): string | undefined => environment[name] || undefined
  const accessKeyId = read('AWS_ACCESS_KEY_ID')
  const secretAccessKey = read('AWS_SECRET_ACCESS_KEY')
  const sessionToken = read('AWS_SESSION_TOKEN')
  return {
    region: options.region ?? read('AWS_REGION') ?? read('AWS_DEFAULT_REGION') ?? practiceRegion,
    endpoint: options.endpoint ?? read('AWS_ENDPOINT_URL_EC2') ?? read('AWS_ENDPOINT_URL'),
    profile: read('AWS_PROFILE'),
    credentials:
      accessKeyId !== undefined && secretAccessKey !== undefined
        ? { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
        : undefined
  }
}

/**
 * Makes the chosen region known to the manager and returns its id. The manager may have been started from another
 * shell, so what this shell's environment holds is handed over; it stays in the manager's memory only.
 */
export async function connectRegion(
  client: Client,
  options: RegionOptions,
  environment: NodeJS.ProcessEnv
): Promise<string> {
  const { region, endpoint, profile, credentials } = chooseRegion(options, environment)
  // The practice cloud is built in; AWS credentials in the environment are not meant for it.
  if (region === practiceRegion && endpoint === undefined) return region
  const known = await client.call('regions.connect', {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
    ...(credentials === undefined ? {} : { credentials })
  })
  return known.id
}
