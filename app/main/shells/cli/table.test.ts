import { expect, it } from 'vitest'
import { table } from './table.ts'

it('aligns text to the left and numbers to the right, without trailing blanks', () => {
  expect(table(['NAME', 'N', 'ZONE'], [['a', 2, 'x'], ['longer', 10, null]])).toBe([
    'NAME     N  ZONE',
    'a        2  x',
    'longer  10  -'
  ].join('\n'))
})

it('a heading alone when there is nothing', () => {
  expect(table(['NAME', 'N'], [])).toBe('NAME  N')
})
