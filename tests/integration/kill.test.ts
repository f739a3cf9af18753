import { expect, it } from 'vitest'
import { benchKill } from '../../bench/kill.ts'

it('a killed manager leaves nothing that the next start cannot end, and rents nothing twice', async () => {
  const bad: string[] = []
  const { report, good } = await benchKill(line => { bad.push(line) }, 29)
  expect({ ...report, bad: bad.filter(line => line.includes('step')) })
    .toMatchObject({ leaked: 0, doubled: 0, unrecovered: 0, bad: [] })
  // Each of the four scenarios was killed at least once.
  expect(Object.keys((report as { steps: object }).steps)).toHaveLength(4)
  expect(good).toBe(true)
}, 180_000)
