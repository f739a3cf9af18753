import { expect, it } from 'vitest'
import { menuTemplate } from './menu.ts'

const names = (platform: NodeJS.Platform): unknown[] =>
  menuTemplate(platform, false).map(item => item.role ?? item.label)
const all = (development: boolean): string => JSON.stringify(menuTemplate('linux', development))

it.each([
  ['darwin', ['appMenu', 'fileMenu', 'editMenu', 'View', 'windowMenu']],
  ['linux', ['fileMenu', 'editMenu', 'View']],
  ['win32', ['fileMenu', 'editMenu', 'View']]
] as const)('has on %s the menus of that system', (platform, menus) => {
  expect(names(platform)).toEqual(menus)
})

it('offers developer tools in development only', () => {
  expect(all(true)).toContain('toggleDevTools')
  expect(all(false)).not.toMatch(/toggleDevTools|reload/)
})
