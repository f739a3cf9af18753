import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hasDisplay, openAddress, openCommand } from './open-window.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'rmada-open-')) })
afterEach(() => { rmSync(folder, { recursive: true }) })

function addProgram(name: string, mode = 0o755): string {
  const file = join(folder, name)
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, mode)
  return file
}

it.each([
  ['linux', {}, false],
  ['linux', { DISPLAY: '' }, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['darwin', {}, true],
  ['win32', {}, true]
] as const)('on %s with %j there is a display: %s', (platform, environment, there) => {
  expect(hasDisplay(environment, platform)).toBe(there)
})

it.runIf(process.platform === 'linux')('takes the first Chromium on the path, in a window of its own', () => {
  addProgram('google-chrome')
  const chromium = addProgram('chromium')
  const [program, ...args] = openCommand('http://x/', { PATH: `/nowhere:${folder}` }, 'linux')
  expect(program).toBe(chromium)
  expect(args).toContain('--app=http://x/')
})

it.runIf(process.platform === 'linux')('opens the default browser when there is no Chromium that can be run', () => {
  addProgram('chromium', 0o644)
  expect(openCommand('http://x/', { PATH: folder }, 'linux')).toEqual(['xdg-open', 'http://x/'])
})

it('says when nothing could be opened', async () => {
  expect(await openAddress([join(folder, 'missing'), 'http://x/'])).toBe(false)
})
