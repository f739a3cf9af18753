import type { Input, Region } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Cloud, CloudAccess } from '../../core/ports/index.ts'
import type { ManagerPorts } from '../manager.ts'
import { awsRegions } from './aws-regions.ts'

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

type Access = Omit<CloudAccess, 'region'>
type RegionPorts = Pick<ManagerPorts, 'openCloud' | 'practice' | 'environment'>

const sdkChain: Access = { endpoint: null, profile: null, credentials: null }

/** Regions that can be chosen, and how each is reached. Credentials that were passed in stay in memory only. */
export class Regions {
  readonly #ports: RegionPorts
  /** Reached otherwise than by default: by the environment's endpoint, or as a user connected them. */
  readonly #accesses = new Map<string, Access>()
  readonly #open = new Map<string, Promise<OpenRegion>>()
  /** Known once the practice cloud has started. */
  #practiceEndpoint: string | null = null

  constructor(ports: RegionPorts) {
    this.#ports = ports
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
    return [...known.values()]
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
  async connect(input: Input<'regions.connect'>): Promise<Region> {
    const id = input.region
    const plain = input.endpoint === undefined && input.profile === undefined && input.credentials === undefined
    if (!plain) {
      if (input.endpoint === undefined && !isAws(id) && !this.#accesses.has(id)) throw unknownRegion(id)
      const access: Access = {
        endpoint: input.endpoint ?? this.#accesses.get(id)?.endpoint ?? null,
        profile: input.profile ?? null,
        credentials: input.credentials ?? null
      }
      await this.#ports.openCloud({ region: id, ...access }).zones()
      this.#accesses.set(id, access)
      this.#open.delete(id)
    } else {
      const { cloud } = await this.open(id)
      await cloud.zones()
    }
    const region = this.list().find(one => one.id === id)
    if (!region) throw unknownRegion(id)
    return region
  }

  /** How a region is reached where a later start could not know it; never credentials. */
  remembered(id: string): { endpoint: string | null; profile: string | null } | undefined {
    const access = this.#accesses.get(id)
    return access && { endpoint: access.endpoint, profile: access.profile }
  }

  /** What an earlier run remembered; what the user or the environment says now goes first. */
  restore(id: string, remembered: { readonly endpoint: string | null; readonly profile: string | null }): void {
    if (!this.#accesses.has(id)) this.#accesses.set(id, { ...remembered, credentials: null })
  }

  async #openAnew(id: string): Promise<OpenRegion> {
    const access = this.#accesses.get(id)
    if (access) {
      const { kind } = describe(id, access)
      const cloud = this.#ports.openCloud({ region: id, ...access })
      return { id, kind, endpoint: access.endpoint, local: isLoopback(access.endpoint), cloud }
    }
    if (id === practiceRegion) return this.#openPractice()
    if (!isAws(id)) throw unknownRegion(id)
    return { id, kind: 'aws', endpoint: null, local: false, cloud: this.#ports.openCloud({ region: id, ...sdkChain }) }
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
  return new RmadaError('REGION_UNKNOWN', `No region of this name is known: ${id}`, {
    suggestion: `Choose one from the list of regions; "${practiceRegion}" is the practice cloud.`
  })
}
