import { describe, expect, it } from 'vitest'
import { hrefOf, parseRoute } from './route.ts'

describe('routes', () => {
  it.each([
    ['', { at: 'networks' }],
    ['#/', { at: 'networks' }],
    ['#/networks', { at: 'networks' }],
    ['#/networks/', { at: 'networks' }],
    ['#/create', { at: 'create' }],
    ['#/accounts', { at: 'accounts' }],
    ['#/orphans', { at: 'orphans' }],
    ['#/images', { at: 'images' }],
    ['#/about', { at: 'about' }],
    ['#/networks/my-net', { at: 'network', name: 'my-net' }],
    ['#/networks/a%20b', { at: 'network', name: 'a b' }],
    ['#/networks/100%', { at: 'network', name: '100%' }],
    ['#/nowhere', { at: 'unknown' }],
    ['#/create/more', { at: 'unknown' }],
    ['#/networks/a/b', { at: 'unknown' }]
  ])('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route)
  })

  it('leads back to where a link was made for, whatever the name', () => {
    for (const name of ['plain', 'a/b', 'a b', 'ü%', '#']) {
      const route = { at: 'network', name } as const
      expect(parseRoute(hrefOf(route))).toEqual(route)
    }
  })
})
