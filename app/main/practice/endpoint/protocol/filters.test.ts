import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches, readFilters, select } from './filters.ts'
import { Parameters } from './parameters.ts'

describe('matches', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['ABC', 'abc', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'abd', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*b*b*', 'abcb', true],
    ['*b*b*', 'abc', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a\\?', 'a?', true],
    ['a\\\\', 'a\\', true],
    ['a.c', 'abc', false]
  ])('%s on %s: %s', (pattern, value, expected) => {
    expect(matches(pattern, value)).toBe(expected)
  })

  it('agrees with a regular expression on every pattern', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((parts) => parts.join(''))
    const values = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(letters, values, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matches(pattern, value)).toBe(expression.test(value))
      })
    )
  })

  it('is not slowed down by patterns made to be slow', () => {
    const began = performance.now()
    expect(matches('*a'.repeat(100) + 'b', 'a'.repeat(5000))).toBe(false)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

describe('select', () => {
  const items = [
    { id: 'a', tags: { colour: 'red', size: '' } },
    { id: 'b', tags: { colour: 'blue' } },
    { id: 'c', tags: {} }
  ]
  const find = (query: string) =>
    select(
      items,
      readFilters(Parameters.of(new URLSearchParams(query))),
      { id: (item) => item.id, none: () => null },
      (item) => item.tags
    ).map((item) => item.id)
  const filter = (n: number, name: string, ...values: string[]) =>
    [`Filter.${n}.Name=${name}`, ...values.map((value, index) => `Filter.${n}.Value.${index + 1}=${value}`)].join('&')

  it('joins values by or and filters by and', () => {
    expect(find(filter(1, 'id', 'a', 'c'))).toEqual(['a', 'c'])
    expect(find(`${filter(1, 'id', 'a', 'b')}&${filter(2, 'tag:colour', 'b*')}`)).toEqual(['b'])
  })

  it('knows tags by key, value and both', () => {
    expect(find(filter(1, 'tag-key', 'size'))).toEqual(['a'])
    expect(find(filter(1, 'tag-value', 'blue'))).toEqual(['b'])
    expect(find(filter(1, 'tag:size', ''))).toEqual(['a'])
    expect(find(filter(1, 'tag:colour', '*'))).toEqual(['a', 'b'])
    expect(find(filter(1, 'tag:toString', '*'))).toEqual([])
  })

  it('never matches what an item does not have', () => {
    expect(find(filter(1, 'none', '*'))).toEqual([])
  })

  it('refuses filters that are unknown, without values or too many', () => {
    expect(() => find(filter(1, 'colour', 'red'))).toThrow("The filter 'colour' is invalid")
    expect(() => find(filter(1, 'constructor', 'x'))).toThrow("The filter 'constructor' is invalid")
    expect(() => find('Filter.1.Name=id')).toThrow('The request must contain the parameter Filter.1.Value')
    expect(() => find('Filter.1.Value.1=x')).toThrow('The request must contain the parameter Filter.1.Name')
    expect(() => find(filter(1, 'id', ...Array.from({ length: 201 }, (_, n) => `v${n}`)))).toThrow(
      'maximum number of filter values'
    )
  })
})
