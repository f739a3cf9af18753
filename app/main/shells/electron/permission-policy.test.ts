import { expect, it } from 'vitest'
import { permissionPolicy, permissions } from './permission-policy.ts'

const own = 'rmada-app://app'

it('grants our own page the copy buttons and nothing else', () => {
  const granted = Object.keys(permissions).filter(permission => permissionPolicy(permission, own))
  expect(granted).toEqual(['clipboard-sanitized-write'])
})

it.each([
  ['another site', 'https://evil.test'],
  ['a look-alike of our scheme', 'rmada-app://app.evil.test'],
  ['nobody known', null],
  ['an opaque origin', 'null']
])('grants nothing to %s', (_who, origin) => {
  expect(Object.keys(permissions).some(permission => permissionPolicy(permission, origin))).toBe(false)
})

it.each(['a-permission-of-next-year', 'toString', '__proto__'])('denies the unknown permission %s', permission => {
  expect(permissionPolicy(permission, own)).toBe(false)
})
