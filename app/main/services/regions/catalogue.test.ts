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
})
