import type { AccountChoice, Input, Region } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Cloud, CloudAccess, NetworkRecord, RememberedRegion } from '../../core/ports/index.ts'
import type { ManagerPorts } from '../manager.ts'
import { Accounts, shortened } from './accounts.ts'
import { awsRegions } from './aws-regions.ts'
import { Connection } from './connection.ts'

const practiceRegion = 'practice-1'

/** A region that can be called. */
export interface OpenRegion {
  readonly id: string
  readonly kind: Region['kind']
  readonly endpoint: string | null
  /** The endpoint is on this computer, and may be asked often. */
  readonly local: boolean
  readonly cloud: Cloud
}

/** How a region is reached: an endpoint, and a profile, a stored key, or credentials that stay in memory. */
interface Access {
  readonly endpoint: string | null
  readonly profile: string | null
  readonly key: string | null
  readonly credentials: CloudAccess['credentials']
}
type RegionPorts = Pick<ManagerPorts, 'openCloud' | 'practice' | 'environment' | 'settings' | 'secrets' | 'awsFiles'>

const sdkChain: Access = { endpoint: null, profile: null, key: null, credentials: null }

/** Regions that can be chosen, and how each is reached. Credentials that were passed in stay in memory only. */
export class Regions {
  readonly accounts: Accounts
  readonly connection: Connection
  readonly #ports: RegionPorts
  /** Reached otherwise than by default: by the environment's endpoint, or as a user connected them. */
  readonly #accesses = new Map<string, Access>()
  readonly #open = new Map<string, Promise<OpenRegion>>()
  /** Known once the practice cloud has started. */
  #practiceEndpoint: string | null = null

  constructor(ports: RegionPorts) {
    this.#ports = ports
    this.accounts = new Accounts(ports)
    this.connection = new Connection(ports)
    for (const { id, ...access } of ports.settings.read().customRegions) {
      this.#accesses.set(id, { ...access, credentials: null })
    }
    const { environment } = ports
    const endpoint = environment.AWS_ENDPOINT_URL_EC2 ?? environment.AWS_ENDPOINT_URL
    const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION
    if (endpoint) this.#accesses.set(region ?? 'us-east-1', { ...sdkChain, endpoint })
    else if (region && region !== practiceRegion && !isAws(region)) this.#accesses.set(region, sdkChain)
  }

  list(): Region[] {
    const { practice } = this.#ports
    const known = new Map<string, Region>()
    known.set(practiceRegion, {
      id: practiceRegion, name: 'Practice cloud on this computer', kind: 'practice', endpoint: this.#practiceEndpoint,
      unavailable: practice.available ? null : practice.explanation
    })
    for (const [id, name] of awsRegions) known.set(id, { id, name, kind: 'aws', endpoint: null, unavailable: null })
    for (const [id, access] of this.#accesses) {
      const { kind, name } = describe(id, access)
      known.set(id, { id, name, kind, endpoint: access.endpoint, unavailable: null })
    }
    const last = this.#ports.settings.read().lastRegion
    return [...known.values()].map(region => region.id === last ? { ...region, last: true } : region)
  }

  /** The region opened, once: the practice cloud starts here. */
  async open(id: string): Promise<OpenRegion> {
    const opened = this.#open.get(id)
    if (opened) return opened
    const opening = this.#openAnew(id)
    this.#open.set(id, opening)
    opening.catch(() => this.#open.delete(id))
    return opening
  }

  /** Makes a region usable and proves it by a call; a region that does not answer is not kept. */
  async connect(input: Input<'regions.connect'>, approve: (cloud: Cloud) => Promise<void>): Promise<Region> {
    const id = input.region
    const plain = [input.endpoint, input.profile, input.key, input.credentials].every(one => one === undefined)
    if (!plain) {
      if (input.endpoint === undefined && !isAws(id) && !this.#accesses.has(id)) throw unknownRegion(id)
      if (!/^[a-z0-9][a-z0-9-]{0,62}$/i.test(id)) throw badRegionName()
      const access: Access = {
        endpoint: input.endpoint === undefined ? this.#accesses.get(id)?.endpoint ?? null
          : checkedEndpoint(input.endpoint),
        profile: input.profile ?? null,
        key: input.key ?? null,
        credentials: input.credentials ?? null
      }
      const cloud = this.#ports.openCloud(await this.#cloudAccess(id, access))
      await cloud.zones()
      await approve(cloud)
      this.#accesses.set(id, access)
      this.#open.delete(id)
      if (input.remember) this.#remember({ id, endpoint: access.endpoint, profile: access.profile, key: access.key })
    } else {
      const { cloud } = await this.open(id)
      await cloud.zones()
    }
    const region = this.list().find(one => one.id === id)
    if (!region) throw unknownRegion(id)
    return region
  }

  /** Forgets how a region was to be reached; AWS's own regions stay in the list, reached as all others. */
  forget(id: string): void {
    const { customRegions } = this.#ports.settings.read()
    if (!this.#accesses.has(id) && !customRegions.some(one => one.id === id)) throw unknownRegion(id)
    this.#ports.settings.write({ customRegions: customRegions.filter(one => one.id !== id) })
    this.#accesses.delete(id)
    this.#open.delete(id)
  }

  /**
   * Opens regions anew at their next use, because account or connection changed. `keep`: regions with networks, which
   * go on under the account `before` that those were launched with.
   */
  reopen(keep: readonly string[], before: AccountChoice): void {
    for (const id of keep) {
      if (isAws(id) && !this.#accesses.has(id)) this.#accesses.set(id, { ...sdkChain, ...before })
    }
    this.#open.clear()
  }

  /** In a few words, by which credentials a region is reached. */
  by(id: string): string {
    if (id === practiceRegion && !this.#accesses.has(id)) return 'the practice cloud’s own key'
    const { profile, key, credentials } = this.#accesses.get(id) ?? { ...this.accounts.chosen(), credentials: null }
    if (credentials !== null) return 'an access key that was passed in'
    if (key !== null) return `the stored key "${key}"`
    return profile === null ? 'what the AWS SDK found on this computer' : `the profile "${profile}"`
  }

  /** How a region is reached where a later start could not know it; never credentials. */
  remembered(id: string): Omit<RememberedRegion, 'id'> | undefined {
    const access = this.#accesses.get(id)
    if (access) return { endpoint: access.endpoint, profile: access.profile, key: access.key }
    const { profile, key } = this.accounts.chosen()
    return isAws(id) && (profile !== null || key !== null) ? { endpoint: null, profile, key } : undefined
  }

  /** What an earlier run remembered; what the user or the environment says now goes first. */
  restore(id: string, remembered: NonNullable<NetworkRecord['access']>): void {
    if (this.#accesses.has(id)) return
    this.#accesses.set(id, { ...remembered, key: remembered.key ?? null, credentials: null })
  }

  #remember(region: RememberedRegion): void {
    const { settings } = this.#ports
    settings.write({ customRegions: [...settings.read().customRegions.filter(one => one.id !== region.id), region] })
  }

  /** All that the adapter needs, with keys and the proxy's password from where they are kept. */
  async #cloudAccess(region: string, { endpoint, profile, key, credentials }: Access): Promise<CloudAccess> {
    return {
      region, endpoint, profile,
      credentials: credentials ?? (key === null ? null : await this.accounts.credentials(key)),
      connecting: await this.connection.connecting()
    }
  }

  async #openAnew(id: string): Promise<OpenRegion> {
    const access = this.#accesses.get(id)
    if (access) {
      const { kind } = describe(id, access)
      const cloud = this.#ports.openCloud(await this.#cloudAccess(id, access))
      return { id, kind, endpoint: access.endpoint, local: isLoopback(access.endpoint), cloud }
    }
    if (id === practiceRegion) return this.#openPractice()
    if (!isAws(id)) throw unknownRegion(id)
    const cloud = this.#ports.openCloud(await this.#cloudAccess(id, { ...sdkChain, ...this.accounts.chosen() }))
    return { id, kind: 'aws', endpoint: null, local: false, cloud }
  }

  async #openPractice(): Promise<OpenRegion> {
    const { practice, openCloud } = this.#ports
    if (!practice.available) {
      throw new RmadaError('PRACTICE_UNAVAILABLE', `The practice cloud cannot run here: ${practice.explanation}`, {
        suggestion: 'Choose a region of AWS, or install what is missing.'
      })
    }
    const { endpoint, region, accessKeyId, secretAccessKey } = await practice.start()
    this.#practiceEndpoint = endpoint
    const cloud = openCloud({ region, endpoint, profile: null, credentials: { accessKeyId, secretAccessKey } })
    return { id: practiceRegion, kind: 'practice', endpoint, local: true, cloud }
  }
}

const isAws = (id: string): boolean => awsRegions.some(([known]) => known === id)

function isLoopback(endpoint: string | null): boolean {
  return endpoint !== null && /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(endpoint)
}

function describe(id: string, access: Access): { kind: Region['kind']; name: string } {
  const aws = awsRegions.find(([known]) => known === id)?.[1]
  if (access.endpoint === null) return { kind: 'aws', name: aws ?? id }
  return { kind: 'custom', name: `${id} at ${access.endpoint}` }
}

function unknownRegion(id: string): RmadaError {
  return new RmadaError('REGION_UNKNOWN', `No region of this name is known: ${shortened(id)}`, {
    suggestion: `Choose one from the list of regions; "${practiceRegion}" is the practice cloud.`
  })
}

function badRegionName(): RmadaError {
  return new RmadaError('REGION_UNKNOWN', 'A region is named by at most 63 letters, digits and hyphens.', {
    suggestion: 'Give the region a short name, for example lab-1.'
  })
}

/** Only a web address without a name and password in it, which would end up in lists and logs. */
function checkedEndpoint(text: string): string {
  const url = text.length > 2048 ? null : URL.parse(text.trim())
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '') {
    return text.trim()
  }
  throw new RmadaError('ENDPOINT_INVALID', `The endpoint is not a web address: ${shortened(text)}`, {
    suggestion: 'Give an address that starts with https:// or http://, without a user name in it.'
  })
}
