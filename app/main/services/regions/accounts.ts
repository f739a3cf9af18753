import { z } from 'zod'
import type { AccountChoice, Accounts as AccountsView, Input, StoredKey } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { AwsFiles, CloudAccess, SecretStore, SettingsStore } from '../../core/ports/index.ts'

const Kept = z.object({
  accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().optional()
})

interface AccountPorts {
  readonly awsFiles: AwsFiles
  readonly secrets: SecretStore
  readonly settings: SettingsStore
  readonly environment: Readonly<Record<string, string | undefined>>
}

const secretName = (key: string): string => `aws-key:${key}`

/**
 * The ways to reach AWS: profiles, the environment, and access keys that were typed in. Keys go into the SecretStore
 * and come out of it for the cloud adapter alone: nothing here that a client can ask for gives one.
 */
export class Accounts {
  readonly #ports: AccountPorts

  constructor(ports: AccountPorts) {
    this.#ports = ports
  }

  chosen(): AccountChoice {
    return this.#ports.settings.read().account
  }

  async list(): Promise<AccountsView> {
    const { awsFiles, secrets, settings, environment } = this.#ports
    const keys: StoredKey[] = []
    for (const { name, ending } of settings.read().keys) {
      // Keys in memory are gone after a restart, and what is gone is not offered.
      if (await secrets.get(secretName(name)) !== null) keys.push({ name, keyEnding: ending, kept: secrets.kind })
    }
    return {
      profiles: [...await awsFiles.profiles()],
      configFile: awsFiles.configFile,
      environment: Boolean(environment['AWS_ACCESS_KEY_ID'] && environment['AWS_SECRET_ACCESS_KEY']),
      keys,
      chosen: this.chosen(),
      secrets: secrets.kind
    }
  }

  /** Makes a choice the one for all AWS regions that have no own; it is checked first. */
  async use(choice: AccountChoice): Promise<void> {
    if (choice.profile !== null && choice.key !== null) {
      throw invalid('A profile and a stored key were both named, and AWS can be reached by only one of them.',
        'Name one of the two.')
    }
    if (choice.profile !== null) await this.#checkProfile(choice.profile)
    if (choice.key !== null) await this.credentials(choice.key)
    this.#ports.settings.write({ account: choice })
  }

  async store(input: Input<'accounts.storeKey'>): Promise<StoredKey> {
    const name = input.name.trim()
    const accessKeyId = input.accessKeyId.trim()
    const secretAccessKey = input.secretAccessKey.trim()
    const sessionToken = input.sessionToken?.trim()
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,59}$/u.test(name)) {
      throw invalid('The name for the access key is empty, longer than 60 characters, or has unusual characters.',
        'Choose a short name of letters, digits, spaces and hyphens.')
    }
    if (!/^\w{16,128}$/.test(accessKeyId)) {
      throw invalid('This is no access key id: one has 16 to 128 letters and digits, and mostly starts with AKIA.',
        'Copy the access key id whole, without the secret.')
    }
    if (!/^[\x21-\x7e]{16,256}$/.test(secretAccessKey)) {
      throw invalid('This is no secret access key: one has 40 letters, digits and signs, without spaces.',
        'Copy the secret access key whole; if it is lost, make a new key in the AWS console.')
    }
    if (sessionToken !== undefined && !/^[\x21-\x7e]{1,8192}$/.test(sessionToken)) {
      throw invalid('This is no session token: it is empty, has spaces or is too long.', 'Copy the token whole.')
    }
    const { secrets, settings } = this.#ports
    await secrets.set(secretName(name), JSON.stringify({
      accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken })
    }))
    const ending = accessKeyId.slice(-4)
    settings.write({ keys: [...settings.read().keys.filter(one => one.name !== name), { name, ending }] })
    return { name, keyEnding: ending, kept: secrets.kind }
  }

  async delete(name: string): Promise<void> {
    const { secrets, settings } = this.#ports
    const { keys, account } = settings.read()
    if (!keys.some(one => one.name === name)) throw keyUnknown(name)
    await secrets.delete(secretName(name))
    settings.write({ keys: keys.filter(one => one.name !== name) })
    if (account.key === name) settings.write({ account: { profile: null, key: null } })
  }

  /** For the cloud adapter only. */
  async credentials(key: string): Promise<NonNullable<CloudAccess['credentials']>> {
    const text = await this.#ports.secrets.get(secretName(key))
    if (text === null) throw keyUnknown(key)
    return Kept.parse(JSON.parse(text))
  }

  async #checkProfile(profile: string): Promise<void> {
    const profiles = await this.#ports.awsFiles.profiles()
    if (profiles.some(one => one.name === profile)) return
    throw new RmadaError('PROFILE_UNKNOWN',
      `The AWS configuration of this computer has no profile "${shortened(profile)}".`, {
      suggestion: `Choose one of the profiles in ${this.#ports.awsFiles.configFile}, or make it with "aws configure".`
    })
  }
}

const invalid = (message: string, suggestion: string): RmadaError =>
  new RmadaError('INVALID_INPUT', message, { suggestion })

function keyUnknown(name: string): RmadaError {
  return new RmadaError('KEY_UNKNOWN', `No access key of the name "${shortened(name)}" is kept.`, {
    suggestion: 'Type the key in again: without a keychain, keys are forgotten when Rmada ends.'
  })
}

/** A name that a user gave, short enough to stand in a sentence. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
