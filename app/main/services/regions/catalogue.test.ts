import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { fakePorts } from '../testing/fake-ports.ts'
import { Catalogue } from './catalogue.ts'
import { Regions } from './regions.ts'

function make() {
  const ports = fakePorts()
  const readResource = (path: string) => readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8')
  return { ports, catalogue: new Catalogue({ ...ports, readResource }, new Regions(ports)) }
}

describe('the catalogue', () => {
  it('has the prices of the file that travels with the app, dated', async () => {
    const { catalogue } = make()
    expect(await catalogue.price('c7i.large', { id: 'us-east-1' })).toEqual({
      perHour: 0.08925, source: expect.stringMatching(/AWS us-east-1, snapshot of \d{4}-\d\d-\d\d/)
    })
    expect((await catalogue.types('practice-1')).find(type => type.name === 't3.micro')?.pricePerHour).toBe(0.0104)
  })

  it('asks a region once in a while, and again after a failure', async () => {
    const { ports, catalogue } = make()
    ports.cloud.before = () => { throw new Error('no') }
    await expect(catalogue.zones('practice-1')).rejects.toThrow('no')
    ports.cloud.before = () => {}
    await Promise.all([catalogue.zones('practice-1'), catalogue.zones('practice-1')])
    expect(ports.cloud.calls).toEqual(['zones', 'zones'])
    ports.fakeClock.pass(60 * 60_000)
    await catalogue.zones('practice-1')
    expect(ports.cloud.calls).toHaveLength(3)
  })

  it('finds an image that the list does not show', async () => {
    const { ports, catalogue } = make()
    await catalogue.knowledge('practice-1', 'ami-own', [])
    expect(ports.cloud.calls).toContain('image')
    await catalogue.knowledge('practice-1', 'ami-x86_64', [])
    expect(ports.cloud.calls.filter(call => call === 'image')).toHaveLength(1)
  })

  it('takes the region’s own price list, and says which it was', async () => {
    const { ports, catalogue } = make()
    expect((await catalogue.age('practice-1')).prices).toMatchObject({
      from: 'snapshot', at: null, problem: expect.stringContaining('no price list')
    })
    ports.cloud.listed = { date: '2026-11-19', instances: { 'c5.large': 0.1 }, volumes: { gp3: 0.09 } }
    // A refusal is not repeated at every plan.
    expect((await catalogue.age('practice-1')).prices.from).toBe('snapshot')
    expect(ports.cloud.calls.filter(call => call === 'priceList')).toHaveLength(1)
    const [first] = await catalogue.chosenTypes({ region: 'practice-1', search: 'c5', refresh: true })
    expect(first).toMatchObject({ pricePerHour: 0.1, priceDate: '2026-11-19' })
    expect((await catalogue.age('practice-1')).prices).toMatchObject({
      from: 'price-list', date: '2026-11-19', problem: '', source: expect.stringMatching(/^As if/)
    })
  })

  it('shows types without Spot prices where those cannot be asked, and with them where they can', async () => {
    const { ports, catalogue } = make()
    ports.cloud.before = method => { if (method === 'spotPrices') throw new Error('denied') }
    expect((await catalogue.types('practice-1')).map(type => type.spotPricePerHour)).toEqual([null, null, null])
    expect((await catalogue.age('practice-1')).spot).toMatchObject({ at: null, problem: expect.stringMatching(/./) })
    ports.cloud.before = () => {}
    ports.cloud.spot = [
      { type: 'c5.large', zone: 'r-b', perHour: 0.05, at: '2026-01-01T00:00:00Z' },
      { type: 'c5.large', zone: 'r-a', perHour: 0.03, at: '2026-01-01T00:00:00Z' }
    ]
    const [type] = await catalogue.chosenTypes({ region: 'practice-1', search: 'c5.large', refresh: true })
    expect(type).toMatchObject({ spotPricePerHour: 0.03, spotPrices: [{ zone: 'r-a' }, { zone: 'r-b' }] })
    expect(await catalogue.spotHistory('practice-1', 'c5.large')).toMatchObject({
      days: 7, onDemandPerHour: 0.085, zones: [{ zone: 'r-a', now: 0.03 }, { zone: 'r-b', now: 0.05 }]
    })
    await expect(catalogue.spotHistory('practice-1', 'c9.none')).rejects.toMatchObject({ code: 'INSTANCE_TYPE_UNKNOWN' })
  })

  it('keeps types and prices between runs, and asks for Spot prices anew', async () => {
    const { ports, catalogue } = make()
    await catalogue.types('practice-1')
    const next = fakePorts({ disk: ports.disk })
    const again = new Catalogue(next, new Regions(next))
    expect((await again.types('practice-1')).map(type => type.name)).toHaveLength(3)
    expect(next.cloud.calls).not.toContain('instanceTypes')
    expect(next.cloud.calls).toContain('spotPrices')
  })
})
