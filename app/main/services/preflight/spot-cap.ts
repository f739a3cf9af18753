import { given } from '../../core/given.ts'
import { caution } from './check.ts'
import type { Check } from './check.ts'

const days = 7

/** Whether the most to pay would have had Spot instances interrupted in the last days. */
export const spotCapCheck: Check = {
  about: 'The Spot prices of the last days',
  field: 'maxPrice',
  async find({ spec, cloud }) {
    const { maxPrice } = spec
    if (spec.spot === undefined || !given(maxPrice)) return []
    const since = new Date(Date.now() - days * 24 * 3_600_000)
    const history = await cloud.spotPrices({ type: spec.instanceType, since })
    const there = history.filter(one => spec.zone === null || one.zone === spec.zone)
    const over = new Set(there.filter(one => one.perHour > maxPrice).map(one => one.zone))
    const zones = new Set(there.map(one => one.zone))
    // Where no zone was said, EC2 chooses: only when every one was too dear it is sure.
    if (zones.size === 0 || over.size < zones.size) return []
    return [caution('SPOT_CAP_PASSED', 'maxPrice',
      `At most ${maxPrice} USD an hour, ${spec.instanceType} would have been interrupted in the last ${days} days ` +
      `in ${[...over].toSorted((a, b) => a.localeCompare(b)).join(', ')}.`,
      'Leave the most to pay out, or raise it.')]
  }
}
