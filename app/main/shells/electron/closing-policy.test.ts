import { expect, it } from 'vitest'
import { afterLastWindow } from './closing-policy.ts'

it.each([
  ['linux', true, 0, 'quit'],
  ['linux', true, 2, 'stay'],
  ['linux', true, null, 'stay'],
  ['linux', false, 2, 'quit'],
  ['win32', true, 0, 'quit'],
  ['win32', true, 1, 'stay'],
  ['win32', false, null, 'quit'],
  ['darwin', true, 0, 'stay'],
  ['darwin', false, 0, 'stay']
] as const)('on %s, own manager %s, %s networks: %s', (platform, ownsManager, networks, outcome) => {
  expect(afterLastWindow({ platform, ownsManager, networks })).toBe(outcome)
})
