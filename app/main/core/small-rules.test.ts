import { describe, expect, it } from 'vitest'
import { execFileSync } from 'node:child_process'
import { ingressChanges, ingressRules } from './ingress.ts'
import { mpiFault } from './mpi-check.ts'
import { priceBook, priceOf, rentedSentence, sumPrices } from './prices.ts'
import { instanceTags, networkIdTag, resourceName } from './resource-names.ts'
import { lastLine, scriptWith, shellQuote } from './shell-text.ts'

describe('inbound rules', () => {
  it('let ssh in from one address, and the nodes to each other', () => {
    expect(ingressRules('192.0.2.7/32').map(rule => [rule.protocol, rule.port, rule.from])).toEqual([
      ['tcp', 22, { cidr: '192.0.2.7/32' }], ['all', null, 'self']
    ])
  })

  it('follow an address that changed, and leave the user\'s own rules alone', () => {
    const own = { protocol: 'tcp' as const, port: 443, from: { cidr: '0.0.0.0/0' }, description: 'my web site' }
    const ssh = { protocol: 'tcp' as const, port: 22, from: { cidr: '198.51.100.0/24' }, description: 'the office' }
    const { authorize, revoke } = ingressChanges([...ingressRules('192.0.2.7/32'), own, ssh], '192.0.2.8/32')
    expect(authorize.map(rule => rule.from)).toEqual([{ cidr: '192.0.2.8/32' }])
    expect(revoke.map(rule => rule.from)).toEqual([{ cidr: '192.0.2.7/32' }])
    expect(ingressChanges(ingressRules('192.0.2.8/32'), '192.0.2.8/32')).toEqual({ authorize: [], revoke: [] })
  })
})

describe('prices', () => {
  const snapshot = {
    source: 's', date: '2026-02-09', region: 'us-east-1', prices: { 'c5.large': 0.085 },
    volumes: { gp3: { price: 0.08, source: 'v', date: '2026-08-17' } },
    publicIpv4: { price: 0.005, source: 'a', date: '2026-07-24' }
  }
  type Region = Parameters<typeof priceBook>[0]
  const price = (type: string, region: Region) => priceOf(type, priceBook(region, null, snapshot))

  it('hold for the region of the snapshot and, as if, for practice', () => {
    expect(price('c5.large', { id: 'us-east-1', kind: 'aws' })).toMatchObject({ perHour: 0.085 })
    expect(price('c5.large', { id: 'practice-1', kind: 'practice' }).source).toMatch(/^As if: .*2026-02-09/)
  })

  it('are carried over to no other region, endpoint or type', () => {
    const none = { perHour: null, source: null }
    expect(price('c5.large', { id: 'eu-west-1', kind: 'aws' })).toEqual(none)
    expect(price('c5.large', { id: 'us-east-1', kind: 'custom' })).toEqual(none)
    expect(price('c9.large', { id: 'us-east-1', kind: 'aws' })).toEqual(none)
  })

  it('of the region’s own list go before the snapshot, and volumes that it leaves out do not', () => {
    const list = { date: '2026-11-19', instances: { 'c5.large': 0.097 }, volumes: { gp3: 0.0952 } }
    const book = priceBook({ id: 'eu-west-1', kind: 'aws' }, list, snapshot)
    expect(priceOf('c5.large', book)).toEqual({
      perHour: 0.097, source: 'on-demand Linux price of eu-west-1, price list of 2026-11-19'
    })
    expect(book.volumes['gp3']).toMatchObject({ price: 0.0952, date: '2026-11-19' })
    expect(priceBook({ id: 'us-east-1', kind: 'aws' }, { ...list, volumes: {} }, snapshot).volumes['gp3'])
      .toMatchObject({ price: 0.08, date: '2026-08-17' })
    expect(priceBook({ id: 'eu-west-1', kind: 'aws' }, { ...list, volumes: {} }, snapshot).volumes).toEqual({})
  })

  it('of public addresses are the same all over AWS, and not known elsewhere', () => {
    expect(priceBook({ id: 'eu-west-1', kind: 'aws' }, null, snapshot).publicIpv4).toEqual(snapshot.publicIpv4)
    expect(priceBook({ id: 'x', kind: 'custom' }, null, snapshot).publicIpv4).toBeNull()
  })

  it('add up only when all are known', () => {
    expect(sumPrices([0.1, 0.2])).toBe(0.3)
    expect(sumPrices([0.1, null])).toBeNull()
    expect(sumPrices([])).toBe(0)
  })

  it('tell what is still rented in one sentence', () => {
    const instance = (id: string, pricePerHour: number | null) => ({ kind: 'instance' as const, id, pricePerHour })
    const group = { kind: 'security-group' as const, id: 'sg', pricePerHour: 0 }
    expect(rentedSentence([])).toBe('')
    expect(rentedSentence([instance('a', 0.085), instance('b', 0.085), group]))
      .toBe('Still rented: 2 instances, 1 security group; 0.17 USD an hour.')
    expect(rentedSentence([instance('a', null)])).toBe('Still rented: 1 instance; the price is not known.')
  })
})

describe('text for a shell', () => {
  it.each(['', 'a b', "it's", '$(rm -rf /)', '`x`', 'two\nlines', '\\', "'\\''", '"'])('is one word: %j', text => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text)
  })

  it('sets variables before a script', () => {
    const script = scriptWith({ A: "x'y", B: 'two\nlines' }, 'printf "%s|%s" "$A" "$B"\n')
    expect(execFileSync('sh', ['-s'], { input: script, encoding: 'utf8' })).toBe("x'y|two\nlines")
  })

  it('is cut to the last line that says something', () => {
    expect(lastLine('first\nlast word\n---\n\n')).toBe('last word')
    expect(lastLine('')).toBe('')
  })
})

describe('answers of mpirun', () => {
  it('must be all, from all hosts', () => {
    expect(mpiFault('a\nb\na\nb\n', 4, 2)).toBeNull()
    expect(mpiFault('a\na\n', 2, 1)).toBeNull()
    expect(mpiFault('a\nb\na\n', 4, 2)).toBe('3 of 4 ranks answered')
    expect(mpiFault('a\na\n', 2, 2)).toBe('the ranks ran on 1 of 2 hosts (a)')
    expect(mpiFault('', 2, 2)).toBe('0 of 2 ranks answered')
  })
})

describe('names of resources', () => {
  const spec = {
    name: 'Demo', region: 'r', instances: 3, instanceType: 't', image: 'i', user: 'u', zone: null, slotsPerHost: 2,
    placementGroup: true
  }
  it('differ for networks of one name, and carry the network in their tags', () => {
    expect(resourceName('Demo', '0123456789abcdef')).toBe('rmada-demo-01234567')
    expect(instanceTags(spec, 'id1')).toMatchObject({
      [networkIdTag]: 'id1', 'rmada:network': 'Demo', 'rmada:role': 'slave', 'rmada:instances': '3', 'rmada:slots': '2'
    })
  })
})
