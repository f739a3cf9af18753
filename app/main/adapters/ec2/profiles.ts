import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AwsProfile } from '../../../contract/index.ts'
import type { AwsFiles } from '../../core/ports/index.ts'

type Section = Readonly<Record<string, string | undefined>>

/** What a profile signs in with, in the order in which the SDK looks. */
function kindOf(section: Section): AwsProfile['kind'] {
  if (section['role_arn']) return 'role'
  if (section['sso_session'] || section['sso_start_url']) return 'sso'
  if (section['aws_access_key_id']) return 'keys'
  if (section['credential_process']) return 'process'
  return 'other'
}

async function sections(): Promise<ReadonlyMap<string, Section>> {
  // Only now: the SDK is slow to load. Its own reader, so that what is listed is what it will find.
  const { loadSharedConfigFiles } = await import('@smithy/core/config')
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true })
  const found = new Map<string, Section>()
  for (const [name, section] of Object.entries(configFile)) {
    // Sections of another kind come under their kind and a dot: sso-session.work.
    if (!/^(sso-session|services)\./.test(name)) found.set(name, section)
  }
  for (const [name, section] of Object.entries(credentialsFile)) found.set(name, { ...found.get(name), ...section })
  return found
}

export async function profileExists(name: string): Promise<boolean> {
  return (await sections()).has(name)
}

/** The profiles of ~/.aws, or of the files that AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name. */
export const awsFiles: AwsFiles = {
  get configFile() {
    return process.env['AWS_CONFIG_FILE'] || join(homedir(), '.aws', 'config')
  },
  async profiles() {
    return [...(await sections())].map(([name, section]) => ({
      name,
      kind: kindOf(section),
      region: section['region'] ?? null
    }))
  }
}
