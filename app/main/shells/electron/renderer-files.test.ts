import { expect, it } from 'vitest'
import { rendererFile, securityHeaders } from './renderer-files.ts'

it.each([
  ['rmada-app://app/index.html', 'index.html', 'text/html; charset=utf-8'],
  ['rmada-app://app/index.html?x=1#/networks', 'index.html', 'text/html; charset=utf-8'],
  ['rmada-app://app/assets/index-B2_x.js', 'assets/index-B2_x.js', 'text/javascript; charset=utf-8'],
  ['rmada-app://app/assets/a/inter.woff2', 'assets/a/inter.woff2', 'font/woff2']
])('serves %s', (address, path, contentType) => {
  expect(rendererFile(address)).toEqual({ path, contentType })
})

it('keeps the parent folder out of reach: what URL resolves stays below the root', () => {
  expect(rendererFile('rmada-app://app/../../package.json')).toEqual({
    path: 'package.json', contentType: 'application/json; charset=utf-8'
  })
})

it.each([
  'rmada-app://app/',
  'rmada-app://app/assets/',
  'rmada-app://app//etc/passwd.json',
  'rmada-app://app/..%2f..%2fpackage.json',
  'rmada-app://app/..%5c..%5cpackage.json',
  'rmada-app://app/assets/..\\..\\package.json%00.html',
  'rmada-app://app/C:/Windows/win.html',
  'rmada-app://app/.env.json',
  'rmada-app://app/assets/.hidden/x.js',
  'rmada-app://app/index.html%00.js',
  'rmada-app://app/main.exe',
  'rmada-app://app/noextension',
  'rmada-app://other/index.html',
  'https://app/index.html',
  'nonsense'
])('refuses %s', address => {
  expect(rendererFile(address)).toBeNull()
})

it('allows no inline script, no connection and no frame', () => {
  const policy = securityHeaders['content-security-policy']
  expect(policy).toContain("default-src 'none'")
  expect(policy).toMatch(/script-src 'self';/)
  expect(policy).toContain("connect-src 'none'")
  expect(policy).not.toContain('unsafe-eval')
})
