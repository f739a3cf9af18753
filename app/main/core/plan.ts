import type {
  Finding, InstanceType, MachineImage, NetworkSpec, Plan, ResolvedSpec, Zone
} from '../../contract/index.ts'
import { chosenOptions, optionFindings } from './launch-options.ts'
import { defaultType, newestImage } from './plan-defaults.ts'
import { countFinding, imageFinding, slotsFindings, typeFinding, zoneFindings } from './plan-findings.ts'
import { distinctPackages, packageFinding } from './bootstrap/package-names.ts'
import { freeName, nameFinding, sameName } from './network-name.ts'
import { estimateLines, estimateTotal } from './estimate.ts'
import { planVolume } from './volume-rules.ts'
import type { VolumeKnowledge } from './volume-rules.ts'
import { sumPrices } from './prices.ts'
import type { PriceBook } from './prices.ts'
import { given } from './given.ts'

/** What the rules look at; the catalogue service gathers it. */
export interface PlanKnowledge {
  readonly region: string
  /** With prices. */
  readonly types: readonly InstanceType[]
  /** Those on offer, and the one the user named when it could be found. */
  readonly images: readonly MachineImage[]
  readonly zones: readonly Zone[]
  readonly namesInUse: readonly string[]
  readonly book: PriceBook
  /** What is known of the volume that was asked for. */
  readonly volume?: VolumeKnowledge | undefined
  /** When Spot prices were asked, ISO 8601. */
  readonly spotAt: string | null
}

const defaultInstances = 2

/**
 * What a launch would create and cost, with every default filled in, and what speaks against it. Pure: rents nothing,
 * asks nothing. All faults are found at once, each with a sentence of its own.
 */
export function makePlan(spec: NetworkSpec, known: PlanKnowledge): Plan {
  const findings: Finding[] = []
  const add = (...found: (Finding | null)[]) => findings.push(...found.filter(finding => finding !== null))

  const name = spec.name ?? freeName(known.namesInUse)
  add(nameFinding(name), nameInUse(name, known.namesInUse))

  const instances = spec.instances ?? defaultInstances
  add(countFinding(instances))

  const namedImage = spec.image === undefined ? null : known.images.find(image => image.id === spec.image) ?? null
  // An existing volume can be used in its own zone only.
  const wantedZone = spec.zone ?? known.volume?.volume?.zone ?? null
  const type = spec.instanceType === undefined
    // A zone that is not there gets its own finding, and must not make all types unfit.
    ? defaultType(known.types, known.images, {
        image: namedImage, zone: known.zones.some(one => one.name === wantedZone) ? wantedZone : null
      })
    : known.types.find(one => one.name === spec.instanceType) ?? null
  add(typeFinding(spec.instanceType, type, known))

  const image = spec.image === undefined ? newestImage(known.images, type) : namedImage
  add(imageFinding(spec.image, image, type, known.region))

  const { volume, zone, findings: aboutVolume } = planVolume(spec, type, instances, known.volume)
  add(...aboutVolume)
  add(...zoneFindings(spec.zone ?? null, type, known))

  const slotsPerHost = spec.slotsPerHost ?? type?.cores ?? 1
  add(...slotsFindings(slotsPerHost, type))

  const placementGroup = spec.placementGroup ?? (instances > 1 && type?.clusterPlacement === true)
  if (placementGroup && type !== null && !type.clusterPlacement) {
    add({
      level: 'error', code: 'PLACEMENT_UNFIT', field: 'placementGroup',
      message: `Instances of type ${type.name} cannot stand in a cluster placement group.`,
      suggestion: 'Leave the placement group out, or choose a type that can.'
    })
  }
  add(...optionFindings(spec, { type, image, instances, placementGroup }))
  if (type !== null && type.pricePerHour === null) {
    add({
      level: 'info', code: 'PRICE_UNKNOWN', field: 'instanceType',
      message: `The price of ${type.name} in ${known.region} is not known here, so the cost that is shown is not the whole.`,
      suggestion: 'Look it up at https://aws.amazon.com/ec2/pricing/on-demand/ before you launch.'
    })
  }

  const packages = distinctPackages(spec.packages ?? [])
  add(packageFinding(packages))

  const faultless = !findings.some(finding => finding.level === 'error')
  const resolved: ResolvedSpec | null = faultless && type !== null && image !== null
    ? { name, region: known.region, instances, instanceType: type.name, image: image.id, user: image.user, zone,
        slotsPerHost, placementGroup, ...chosenOptions(spec), ...(volume ? { volume } : {}), ...(packages.length > 0 ? { packages } : {}) }
    : null
  const prices = Array.from({ length: resolved?.instances ?? 0 }, () => type?.pricePerHour ?? null)
  const price = resolved === null ? null : sumPrices(prices)
  const estimate = resolved === null || type === null ? [] : estimateLines({
    type, instances: resolved.instances, spot: resolved.spot ?? 'none', zone: resolved.zone,
    rootGib: resolved.rootVolumeGib ?? image?.rootGib ?? null, rootVolumeType: resolved.rootVolumeType ?? 'gp3',
    volume: volume && 'new' in volume ? volume.new : null, book: known.book, spotAt: known.spotAt
  })
  return {
    spec: resolved,
    creates: resolved === null ? [] : creations(resolved, image),
    findings,
    pricePerHour: price,
    priceSource: price === null ? null : type?.priceSource ?? null,
    estimate,
    total: estimateTotal(estimate)
  }
}

/** A plan with what the account says about it; an error leaves nothing to launch. */
export function withFindings(plan: Plan, more: readonly Finding[]): Plan {
  const findings = [...plan.findings, ...more]
  if (!more.some(finding => finding.level === 'error')) return { ...plan, findings }
  return {
    ...plan, findings, spec: null, creates: [], pricePerHour: null, priceSource: null, estimate: [],
    total: estimateTotal([])
  }
}

function nameInUse(name: string, inUse: readonly string[]): Finding | null {
  const other = inUse.find(used => sameName(used, name))
  if (other === undefined) return null
  return {
    level: 'error', code: 'NETWORK_NAME_IN_USE', field: 'name',
    message: `There is already a network of this name: ${other}`,
    suggestion: 'Choose another name, or terminate that network first.'
  }
}

function creations(spec: ResolvedSpec, image: MachineImage | null): Plan['creates'] {
  const name = `rmada-${spec.name.toLowerCase()}`
  return [
    ...(!given(spec.keyPair) ? [{ kind: 'key-pair', name, count: 1 }] : []),
    ...(!given(spec.securityGroup) ? [{ kind: 'security-group', name, count: 1 }] : []),
    ...(spec.placementGroup ? [{ kind: 'placement-group', name, count: 1 }] : []),
    { kind: 'instance', name: `${spec.name}-master and slaves, ${spec.instanceType}`, count: spec.instances },
    ...(image?.rootDevice
      ? [{ kind: 'volume', name: 'root volumes, deleted with their instances', count: spec.instances }]
      : []),
    ...(spec.volume && 'new' in spec.volume
      ? [{ kind: 'volume', name: `${spec.volume.new.sizeGib} GiB at /shared, ` +
          (spec.volume.new.deleteWithNetwork ? 'deleted with the network' : 'kept when the network ends'), count: 1 }]
      : [])
  ]
}
