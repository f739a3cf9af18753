import { describe, expect, it } from 'vitest'
import { freeName, nameFinding, sameName } from './network-name.ts'

describe('the name of a network', () => {
  it.each(['a', 'demo', 'My-Network-2', '7', 'x'.repeat(63)])('may be %s', name => {
    expect(nameFinding(name)).toBeNull()
  })

  it.each([
    ['', 'is empty'], ['   ', 'is empty'], ['x'.repeat(64), '64 characters'], ['-a', 'hyphen'], ['a-', 'hyphen'],
    ['a b', 'characters that host names cannot'], ['a_b', 'cannot: a_b'], ['a.b', 'cannot'], ['../etc', 'cannot'],
    ['größe', 'cannot: gr??e'], ['a\nb', 'cannot: a?b'], ["a';rm", 'cannot']
  ])('may not be %j', (name, reason) => {
    const finding = nameFinding(name)
    expect(finding).toMatchObject({ level: 'error', code: 'NETWORK_NAME_INVALID', field: 'name' })
    expect(finding?.message).toContain(reason)
  })

  it('is the same in capital letters', () => {
    expect(sameName('Demo', 'dEMO')).toBe(true)
    expect(sameName('demo', 'demo2')).toBe(false)
  })

  it('is the first free one by default', () => {
    expect(freeName([])).toBe('network-1')
    expect(freeName(['network-2', 'NETWORK-1'])).toBe('network-3')
  })
})
