import type { ResolvedSpec } from '../../../contract/index.ts'
import { hourly } from '../../format/money.ts'
import { text } from '../../strings/index.ts'

const { fields, spot, facts } = text.launchOptions

/** The options as the review shows them: what is at its default is said as well. */
export function optionFacts(spec: ResolvedSpec): readonly (readonly [string, string])[] {
  const capped = typeof spec.maxPrice !== 'number' ? '' : `, ${facts.capped(hourly(spec.maxPrice))}`
  const size = typeof spec.rootVolumeGib !== 'number' ? facts.imageSize : `${spec.rootVolumeGib} GiB`
  return [
    [fields.spot, `${spot[spec.spot ?? 'none']}${capped}`],
    [facts.hyperthreading, spec.hyperthreading ? facts.on : facts.off],
    [facts.rootVolume, `${size}, ${spec.rootVolumeType ?? 'gp3'}`],
    [fields.keyPair, spec.keyPair ?? facts.own],
    [fields.securityGroup, spec.securityGroup ?? facts.own],
    [fields.subnet, spec.subnet ?? facts.defaultSubnet]
  ]
}
