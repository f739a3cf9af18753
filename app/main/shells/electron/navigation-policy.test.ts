import { describe, expect, it } from 'vitest'
import { navigationPolicy } from './navigation-policy.ts'

describe('a link in the window', () => {
  it.each([
    ['rmada-app://app/index.html', 'in-window'],
    ['rmada-app://app/index.html#/networks/n1', 'in-window'],
    ['rmada-app://other/index.html', 'block'],
    ['rmada-app://app.evil.test/index.html', 'block'],
    ['https://aws.amazon.com/ec2/', 'external'],
    ['https://user@aws.amazon.com/', 'block'],
    ['https://aws.amazon.com:pass@evil.test/', 'block'],
    ['http://127.0.0.1:8787/?token=x', 'external'],
    ['http://localhost:8888/tree', 'external'],
    ['http://localhost.evil.test/', 'block'],
    ['http://169.254.169.254/latest/meta-data/', 'block'],
    ['http://aws.amazon.com/', 'block'],
    ['file:///etc/passwd', 'block'],
    ['javascript:alert(1)', 'block'],
    ['data:text/html,<h1>x</h1>', 'block'],
    ['blob:rmada-app://app/1', 'block'],
    ['about:blank', 'block'],
    ['smb://server/share', 'block'],
    ['ms-settings:privacy', 'block'],
    ['not an address', 'block'],
    ['', 'block'],
    [`https://aws.amazon.com/${'a'.repeat(3000)}`, 'block']
  ] as const)('%s: %s', (address, verdict) => {
    expect(navigationPolicy({ kind: 'navigate', address, isMainFrame: true })).toBe(verdict)
  })
})

it('opens no second window on our own pages', () => {
  const address = 'rmada-app://app/index.html'
  expect(navigationPolicy({ kind: 'new-window', address, isMainFrame: true })).toBe('block')
})

it('hands a link that asks for a new window to the browser', () => {
  const address = 'https://cran.r-project.org/'
  expect(navigationPolicy({ kind: 'new-window', address, isMainFrame: true })).toBe('external')
})

it.each(['rmada-app://app/index.html', 'https://aws.amazon.com/'])('lets no frame go to %s', address => {
  expect(navigationPolicy({ kind: 'navigate', address, isMainFrame: false })).toBe('block')
})
