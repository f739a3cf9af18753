import type { Finding, InstanceType, ResolvedSpec } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Cloud, Log, OwnAddress } from '../../core/ports/index.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import { limits } from '../limits.ts'
import type { OpenRegion } from '../regions/regions.ts'
import type { Check, Subject } from './check.ts'
import { caution } from './check.ts'
import { keyPairCheck } from './key-pair.ts'
import { ownAddressCheck } from './own-address.ts'
import { permissionsCheck } from './permissions.ts'
import { quotaCheck } from './quota.ts'
import { securityGroupCheck } from './security-group.ts'
import { spotCapCheck } from './spot-cap.ts'
import { subnetCheck } from './subnet.ts'

interface PreflightPorts { readonly ownAddress: OwnAddress; readonly log: Log; readonly keys: KeyRing }

interface Answer { readonly at: number; readonly answer: Promise<unknown> }

/** Every look at the account before a launch, in the order in which findings are shown. */
const checks: readonly Check[] = [
  quotaCheck, spotCapCheck, subnetCheck, securityGroupCheck, keyPairCheck, permissionsCheck, ownAddressCheck
]

/**
 * What the account says against a launch. Never raises and never takes long: a check that fails or takes too long
 * becomes a warning that it could not be made. What changes seldom is asked once a minute, as a form plans at each key.
 */
export class Preflight {
  readonly #ports: PreflightPorts
  /** By the Cloud itself: a region that is reached in another way from now on has another one. */
  readonly #kept = new WeakMap<Cloud, Map<string, Answer>>()
  readonly #limitMs: number

  constructor(ports: PreflightPorts, limitMs: number = limits.preflightMs) {
    this.#ports = ports
    this.#limitMs = limitMs
  }

  async findings(spec: ResolvedSpec, region: OpenRegion, types: readonly InstanceType[]): Promise<readonly Finding[]> {
    const { cloud } = region
    const subject: Subject = {
      spec, types, cloud,
      keyTraits: file => this.#ports.keys.traits(file),
      ownAddress: () => this.#keep(cloud, 'address', () => this.#ports.ownAddress(region.endpoint)),
      permissions: () => this.#keep(cloud, 'permissions', () => cloud.permissions()),
      vcpuLimit: code => this.#keep(cloud, `limit ${code}`, () => cloud.vcpuLimit(code))
    }
    const found = await Promise.all(checks.map(check => this.#inTime(check, subject)))
    return found.flat()
  }

  async #inTime(check: Check, subject: Subject): Promise<readonly Finding[]> {
    const timer = new AbortController()
    const late = new Promise<readonly Finding[]>(resolve => {
      const handle = setTimeout(() => {
        resolve([unfinished(check, `no answer within ${this.#limitMs / 1000} s`)])
      }, this.#limitMs)
      timer.signal.addEventListener('abort', () => { clearTimeout(handle) })
    })
    try {
      return await Promise.race([check.find(subject), late])
    } catch (error) {
      if (!(error instanceof RmadaError)) {
        this.#ports.log('error', 'A preflight check met a defect', { check: check.about })
      }
      return [unfinished(check, error instanceof Error ? error.message : String(error))]
    } finally {
      timer.abort()
    }
  }

  #keep<T>(cloud: Cloud, what: string, ask: () => Promise<T>): Promise<T> {
    const answers = this.#kept.get(cloud) ?? new Map<string, Answer>()
    this.#kept.set(cloud, answers)
    const now = Date.now()
    const kept = answers.get(what)
    // The name tells the question, so the answer under it has the type of this question.
    if (kept && now - kept.at < limits.preflightKeptMs) return kept.answer as Promise<T>
    const answer = ask()
    answers.set(what, { at: now, answer })
    answer.catch(() => answers.delete(what))
    return answer
  }
}

const unfinished = (check: Check, why: string): Finding =>
  caution('CHECK_UNFINISHED', check.field, `${check.about} could not be checked: ${why.replace(/\.$/, '')}.`,
    'The launch is possible, and fails at that point if something speaks against it.')
