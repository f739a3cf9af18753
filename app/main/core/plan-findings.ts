import type { Finding, InstanceType, MachineImage, Zone } from '../../contract/index.ts'
import { whyUnfit } from './image-fit.ts'
import { offeredIn } from './plan-defaults.ts'
import { quoted } from './quoted.ts'

const mostInstances = 1000

const error = (code: string, field: string, message: string, suggestion: string): Finding =>
  ({ level: 'error', code, field, message, suggestion })
const warning = (code: string, field: string, message: string, suggestion: string): Finding =>
  ({ level: 'warning', code, field, message, suggestion })

/** The number of instances must be a whole number that someone can mean. */
export function countFinding(instances: number): Finding | null {
  if (Number.isInteger(instances) && instances >= 1 && instances <= mostInstances) return null
  const fault = !Number.isInteger(instances)
    ? 'The number of instances is not a whole number'
    : instances < 1 ? 'A network needs at least one instance' : `A network has at most ${mostInstances} instances`
  return error('COUNT_INVALID', 'instances', `${fault}: ${instances}`, `Ask for 1 to ${mostInstances} instances.`)
}

/** Slots below one are an error; above the cores they work, and slow every rank down. */
export function slotsFindings(slots: number, type: InstanceType | null): Finding[] {
  if (!Number.isInteger(slots) || slots < 1) {
    return [error('SLOTS_INVALID', 'slotsPerHost', `Slots per host is not a whole number from 1: ${slots}`,
      'Leave it out to get one slot for each core.')]
  }
  if (type === null || slots <= type.cores) return []
  return [warning('SLOTS_ABOVE_CORES', 'slotsPerHost',
    `${slots} slots per host are more than the ${type.cores} cores of ${type.name}, so MPI ranks will share cores.`,
    `Use ${type.cores} slots or fewer for full speed.`)]
}

/** The type must be on offer. */
export function typeFinding(
  asked: string | undefined, found: InstanceType | null, known: { region: string; types: readonly InstanceType[] }
): Finding | null {
  if (found !== null) return null
  if (asked === undefined) {
    return error('INSTANCE_TYPE_UNKNOWN', 'instanceType',
      `No instance type of ${known.region} fits the image and the zone asked for.`, 'Choose another image or zone.')
  }
  return error('INSTANCE_TYPE_UNKNOWN', 'instanceType', `${known.region} offers no such instance type: ${quoted(asked)}`,
    similar(asked, known.types.map(type => type.name)) ?? 'Choose one from the list of instance types of the region.')
}

/** The image must exist and boot on the type. */
export function imageFinding(
  asked: string | undefined, found: MachineImage | null, type: InstanceType | null, region: string
): Finding | null {
  if (found === null) {
    return asked === undefined
      ? error('IMAGE_UNKNOWN', 'image', `${region} has no machine image that fits${type ? ` ${type.name}` : ''}.`,
        'Name the image to launch, or choose another instance type.')
      : error('IMAGE_UNKNOWN', 'image', `${region} has no such machine image: ${quoted(asked)}`,
        'Choose one from the list of images of the region; image ids differ from region to region.')
  }
  const why = type === null ? null : whyUnfit(found, type)
  return why === null ? null : error('IMAGE_UNFIT', 'image', why,
    'Choose an image that fits the type, or leave the image out to get one that does.')
}

/** The zone must exist, be open and offer the type. */
export function zoneFindings(
  zone: string | null, type: InstanceType | null, known: { region: string; zones: readonly Zone[] }
): Finding[] {
  if (zone === null) return []
  const names = known.zones.map(one => one.name).join(', ')
  const found = known.zones.find(one => one.name === zone)
  if (!found) {
    return [error('ZONE_UNKNOWN', 'zone', `${known.region} has no such availability zone: ${quoted(zone)}`,
      `Choose one of ${names}.`)]
  }
  if (type !== null && !offeredIn(type, zone)) {
    return [error('ZONE_UNOFFERED', 'zone', `${type.name} is not offered in the availability zone ${zone}.`,
      `Choose one of ${type.zones.join(', ')}, or leave the zone out.`)]
  }
  if (found.state !== 'available') {
    return [warning('ZONE_IMPAIRED', 'zone', `The cloud says that the zone ${zone} is ${found.state}.`,
      'Choose another zone, or leave the zone out.')]
  }
  return []
}

/** "Did you mean …", for a name that differs by a slip of the fingers. */
function similar(asked: string, names: readonly string[]): string | null {
  const squeezed = asked.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const match = names.find(name => name.replaceAll(/[^a-z0-9]/g, '') === squeezed)
    ?? names.find(name => name.startsWith(`${asked.split('.')[0]}.`))
  return match === undefined ? null : `Did you mean ${match}?`
}
