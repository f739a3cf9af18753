import type { Finding, InstanceType, LaunchOptions, MachineImage } from '../../contract/index.ts'
import { quoted } from './quoted.ts'
import { given } from './given.ts'

/** The login of an ssh-agent, where a file would stand. */
export const agent = 'ssh-agent'

/** Least and most GiB of a root volume of each kind: what EC2 allows for gp2, which is plenty for gp3 as well. */
const rootVolumeKinds: Readonly<Record<string, { readonly least: number; readonly most: number }>> = {
  gp3: { least: 1, most: 16_384 },
  gp2: { least: 1, most: 16_384 }
}

/** The options of a spec that are not at their default, which alone a resolved spec holds. */
export function chosenOptions(spec: LaunchOptions): LaunchOptions {
  const { spot, maxPrice, hyperthreading, rootVolumeGib, rootVolumeType, keyPair, privateKeyFile } = spec
  return {
    ...(spot !== undefined && spot !== 'none' ? { spot } : {}),
    ...(given(maxPrice) ? { maxPrice } : {}),
    ...(hyperthreading === true ? { hyperthreading } : {}),
    ...(given(rootVolumeGib) ? { rootVolumeGib } : {}),
    ...(rootVolumeType !== undefined && rootVolumeType !== 'gp3' ? { rootVolumeType } : {}),
    ...(given(keyPair) ? { keyPair } : {}),
    ...(given(privateKeyFile) ? { privateKeyFile } : {}),
    ...(given(spec.securityGroup) ? { securityGroup: spec.securityGroup } : {}),
    ...(given(spec.subnet) ? { subnet: spec.subnet } : {})
  }
}

interface Around {
  readonly type: InstanceType | null
  readonly image: MachineImage | null
  readonly instances: number
  readonly placementGroup: boolean
}

/** What speaks against the options, as far as that can be told without asking the cloud. */
export function optionFindings(spec: LaunchOptions, around: Around): Finding[] {
  return [
    ...spotFindings(spec, around), ...priceFindings(spec, around), ...rootVolumeFindings(spec, around),
    ...threadFindings(spec, around), ...keyFindings(spec)
  ]
}

const finding = (
  level: Finding['level'], code: string, field: string, message: string, suggestion: string
): Finding => ({ level, code, field, message, suggestion })

function spotFindings({ spot = 'none' }: LaunchOptions, { type, instances, placementGroup }: Around): Finding[] {
  if (spot === 'none') return []
  const found: Finding[] = []
  if (type !== null && type.spotSold === false) {
    found.push(finding('error', 'SPOT_UNOFFERED', 'spot', `${type.name} is not sold as Spot.`,
      'Choose another instance type, or launch on demand.'))
  }
  if (spot === 'all' && instances > 1) {
    found.push(finding('warning', 'SPOT_MASTER', 'spot',
      'EC2 may take a Spot master back at two minutes\' notice, and with it go R and everything in its memory.',
      'Choose Spot for the slaves only to keep the master on demand.'))
  }
  if (spot === 'slaves' && instances === 1) {
    found.push(finding('warning', 'SPOT_NO_SLAVES', 'spot',
      'A network of one instance has no slaves, so nothing of it is Spot.',
      'Ask for more instances, or for Spot for all of them.'))
  }
  if (placementGroup) {
    found.push(finding('warning', 'SPOT_PLACEMENT', 'placementGroup',
      'Spot instances that must stand close together are harder to get, and may be taken back together.',
      'Leave the placement group out where the nodes talk little.'))
  }
  return found
}

function priceFindings({ spot = 'none', maxPrice }: LaunchOptions, { type }: Around): Finding[] {
  if (!given(maxPrice)) return []
  const bad = (message: string, suggestion: string) =>
    [finding('error', 'SPOT_PRICE_INVALID', 'maxPrice', message, suggestion)]
  if (!Number.isFinite(maxPrice) || maxPrice <= 0) {
    return bad(`The most to pay for a Spot instance is no price: ${maxPrice}`,
      'Leave it out to pay the Spot price, which is never above the on-demand price.')
  }
  if (spot === 'none') {
    return bad('A most to pay was given, but nothing is launched as Spot: on-demand prices are fixed.',
      'Choose Spot, or leave the most to pay out.')
  }
  const now = type?.spotPricePerHour ?? null
  if (type !== null && now !== null && maxPrice < now) {
    return [finding('error', 'SPOT_PRICE_LOW', 'maxPrice',
      `The Spot price of ${type.name} is ${now} USD an hour now, above the most to pay of ${maxPrice}.`,
      'Raise it, or leave it out to pay the Spot price whatever it is.')]
  }
  return [finding('warning', 'SPOT_PRICE_CAP', 'maxPrice',
    `EC2 takes the instances back as soon as the Spot price passes ${maxPrice} USD an hour; a most to pay never ` +
    'makes them cheaper.', 'Leave it out: the Spot price is never above the on-demand price.')]
}

function rootVolumeFindings(
  { rootVolumeGib: size, rootVolumeType: kind = 'gp3' }: LaunchOptions, { image }: Around
): Finding[] {
  const bad = (field: string, message: string, suggestion: string) =>
    [finding('error', 'ROOT_VOLUME_INVALID', field, message, suggestion)]
  const limits = Object.hasOwn(rootVolumeKinds, kind) ? rootVolumeKinds[kind] : undefined
  if (limits === undefined) {
    return bad('rootVolumeType', `Rmada makes no root volumes of this kind: ${quoted(kind)}`,
      `Choose ${Object.keys(rootVolumeKinds).join(' or ')}.`)
  }
  if (!given(size)) return []
  if (!Number.isInteger(size) || size < limits.least || size > limits.most) {
    return bad('rootVolumeGib',
      `The size of a root volume is a whole number of GiB up to ${limits.most}, not: ${size}`,
      'Leave it out to get the size of the image.')
  }
  const least = image?.rootGib
  if (image !== null && least !== undefined && size < least) {
    return bad('rootVolumeGib', `The root volume of ${image.name} needs ${least} GiB, and ${size} GiB were asked for.`,
      `Ask for ${least} GiB or more, or leave it out.`)
  }
  return []
}

function threadFindings({ hyperthreading }: LaunchOptions, { type }: Around): Finding[] {
  if (hyperthreading !== true || type === null || type.threadsPerCore > 1) return []
  return [finding('info', 'HYPERTHREADING_NONE', 'hyperthreading',
    `The cores of ${type.name} have one thread each, so there is no hyperthreading to keep.`, 'Leave it out.')]
}

/** A key pair is worth nothing without the file of its private half, and the file nothing without the pair. */
function keyFindings({ keyPair, privateKeyFile }: LaunchOptions): Finding[] {
  if (given(keyPair) && !given(privateKeyFile)) {
    return [finding('error', 'KEY_FILE_INVALID', 'privateKeyFile',
      `Without the private key of ${quoted(keyPair)} nobody could enter the instances.`,
      `Name the file of the private key on this computer, or "${agent}"; or leave the key pair out to get one made.`)]
  }
  if (!given(keyPair) && given(privateKeyFile)) {
    return [finding('error', 'KEY_PAIR_UNKNOWN', 'keyPair',
      'A private key was named, but not the key pair it belongs to.',
      'Name the key pair too, or leave both out to get one made for this network.')]
  }
  return []
}
