import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InstanceType, Plan, SpotHistory } from '../../app/contract/index.ts'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'

let rmada: Rmada
beforeAll(() => { rmada = createRmada('none') })
afterAll(() => rmada.close())

const types = async (...args: string[]): Promise<InstanceType[]> =>
  (await rmada.json(['types', ...args])).value as InstanceType[]

it('lists types for MPI first, with prices, and says where those come from and how old all is', async () => {
  const all = await types()
  expect(all[0]).toMatchObject({ clusterPlacement: true, currentGeneration: true, gpus: 0 })
  expect(all.at(-1)?.clusterPlacement).toBe(false)
  expect(all.find(type => type.name === 'c7i.large')).toMatchObject({
    pricePerHour: 0.08925, priceDate: '2026-02-09', priceSource: expect.stringMatching(/^As if: .*price list of 2026-02-09/)
  })
  const { stdout } = await rmada.run(['types', '--limit', '1'])
  expect(stdout).toMatch(/^TYPE +CORES .*USD AN HOUR +SPOT NOW\nc7g\.large /)
  expect(stdout).toMatch(/Types as of \d{4}-\d\d-\d\d \d\d:\d\d UTC, (just now|1 minute ago)\.\nPrices: As if: .*, asked /)
})

it('narrows, orders and cuts the list as it was told', async () => {
  const names = async (...args: string[]) => (await types(...args)).map(type => type.name)
  expect(await names('--gpu')).toEqual(['g5.xlarge'])
  expect(await names('--no-gpu', '--sort', 'price', '--limit', '2')).toEqual(['t3.micro', 't2.micro'])
  expect(await names('--min-cores', '8', '--max-price', '1')).toEqual(['c7i.4xlarge'])
  expect(await names('--search', 'c7i 4x')).toEqual(['c7i.4xlarge'])
  expect(await names('--efa', '--architecture', 'arm64')).toEqual(['hpc7g.4xlarge'])
  expect(await names('--cluster', '--zone', 'practice-1c', '--min-memory', '8', '--max-cores', '1')).toEqual(['m5.large'])
  expect(await names('--min-cores', '5000')).toEqual([])
})

it('keeps types and price list on disk, for the user alone, and asks anew when told to', async () => {
  const folder = join(rmada.folder, 'data/catalogue')
  expect(readdirSync(folder).toSorted()).toEqual(['prices-practice-1.json', 'types-practice-1.json'])
  const file = join(folder, 'types-practice-1.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const before = statSync(file).mtimeMs
  await types()
  expect(statSync(file).mtimeMs).toBe(before)
  await types('--refresh')
  expect(statSync(file).mtimeMs).toBeGreaterThan(before)
})

it('shows what a type costs on Spot, zone by zone, and refuses one that is not there', async () => {
  const history = (await rmada.json(['spot-prices', 'c7i.large'])).value as SpotHistory
  expect(history.zones.map(zone => zone.zone).toSorted()).toEqual(['practice-1a', 'practice-1b'])
  for (const zone of history.zones) {
    expect(zone.lowest).toBeLessThanOrEqual(zone.now)
    expect(zone.highest).toBeGreaterThanOrEqual(zone.now)
    expect(zone.highest).toBeLessThan(0.08925)
    expect(zone.changes).toBeGreaterThan(0)
  }
  expect((await rmada.run(['spot-prices', 'hpc7g.4xlarge'])).stdout).toMatch('is not sold on Spot here')
  expect(await rmada.json(['spot-prices', 'c99.huge'])).toMatchObject({ value: { error: { code: 'INSTANCE_TYPE_UNKNOWN' } } })
})

it('itemizes what a launch costs, an hour and a day', async () => {
  const { estimate, total } = (await rmada.json(['plan', '--instances', '4', '--type', 'c7i.large'])).value as Plan
  expect(estimate.map(line => [line.item, line.perHour, line.date])).toEqual([
    ['c7i.large, on demand', 0.357, '2026-02-09'],
    ['GiB of root volumes (4 of 8 GiB, gp3)', 0.003507, '2026-08-17'],
    ['public IPv4 addresses', 0.02, '2026-07-24']
  ])
  expect(total).toEqual({ perHour: 0.380507, perDay: 9.132168, complete: true })
  const { stdout } = await rmada.run(['plan', '--instances', '4', '--type', 'c7i.large'])
  expect(stdout).toContain('Total: $0.3805 an hour, $9.13 a day')
  // Nobody told the price of this older type: it is not counted as nothing.
  expect((await rmada.run(['plan', '--type', 'c4.large'])).stdout).toMatch(/unknown\n(.*\n)*Total: at least \$0\.01/)
})

it.each([
  [['types', '--min-cores', 'many'], '--min-cores'],
  [['types', '--limit', '1.5'], '--limit'],
  [['types', '--max-price', '-1'], '--max-price'],
  [['spot-prices', 'c7i.large', '--days', '0'], '--days']
])('refuses %j, naming the option', async (args, option) => {
  const reply = await rmada.json(args)
  expect(reply.code).not.toBe(0)
  expect(reply.value).toMatchObject({ error: { code: 'INVALID_INPUT', message: expect.stringContaining(option) } })
})
