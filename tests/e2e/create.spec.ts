import { expect, expectAccessible, test } from './fixtures/test.ts'
import { network } from './fixtures/sample-data.ts'

test.beforeEach(async ({ page, stage }) => {
  stage.manager.networks.put(network('taken'))
  await page.goto(`${stage.server.url}#/create`)
  await expect(page.getByText('Nothing speaks against it.')).toBeVisible()
})

test('proposes everything, reviews everything by name and price, and launches what was reviewed', async ({
  page,
  stage
}) => {
  await expect(page.getByLabel('Name')).toHaveValue('calm-otter')
  await page.getByLabel('Instances', { exact: true }).fill('3')
  await page.getByRole('combobox', { name: 'Instance type' }).fill('xlarge')
  await page.getByRole('option', { name: /^c5\.xlarge/ }).click()
  await expect(page.getByText('$0.525/h')).toBeVisible()
  await page.getByRole('button', { name: 'Review' }).click()

  await expect(page.getByRole('heading', { level: 1, name: 'Review before anything is rented' })).toBeVisible()
  await expect(page.getByText(/^111122223333 \(arn:aws:iam::111122223333:user\/ana\)/)).toBeVisible()
  const creates = page.getByRole('region', { name: 'This will be created' })
  await expect(creates.getByRole('listitem')).toHaveText([
    /3 × instance\s*c5\.xlarge/,
    /1 × key pair\s*rmada-calm-otter/,
    /1 × security group/
  ])
  const cost = page.getByRole('region', { name: 'What it costs' })
  await expect(cost.getByRole('row', { name: /3 × c5\.xlarge, on demand/ })).toContainText('$0.51/h')
  await expect(cost.getByRole('row', { name: /3 × public IPv4 addresses/ })).toContainText('$0.005 per address-hour')
  await expect(page.getByText('$0.525/h')).toBeVisible()
  await expect(page.getByText('$12.60/day')).toBeVisible()
  await expectAccessible(page)
  expect(stage.manager.called).toEqual([])

  await page.getByRole('button', { name: 'Launch network' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'calm-otter' })).toBeVisible()
  expect(stage.manager.called).toEqual([
    [
      'networks.launch',
      {
        onFailure: 'ask',
        name: 'calm-otter',
        region: 'practice-1',
        instances: 3,
        instanceType: 'c5.xlarge',
        image: 'ami-0a1b2c3d4e5f60718',
        zone: null,
        slotsPerHost: 1,
        placementGroup: false
      }
    ]
  ])
})

test('says each fault at its field and in the summary, and lets nobody on', async ({ page }) => {
  const name = page.getByLabel('Name')
  await name.fill('taken')
  await expect(
    page.getByRole('listitem').filter({ hasText: 'Error, Name: A network named taken exists already.' })
  ).toBeVisible()
  await expect(name).toHaveAttribute('aria-invalid', 'true')
  await expect(name).toHaveAccessibleDescription(/A network named taken exists already/)
  await expect(page.getByRole('button', { name: 'Review' })).toBeDisabled()
  await name.fill('')
  await expect(name).toHaveAccessibleDescription(/must be of letters/)
  await page.getByLabel('Instances', { exact: true }).fill('1.5')
  await page.getByLabel('Slots per host').fill('0')
  await expect(page.getByText('3 things to fix')).toBeVisible()
  await expectAccessible(page)
})

test('a warning is shown and does not block', async ({ page }) => {
  await page.getByLabel('Slots per host').fill('9')
  await expect(page.getByRole('listitem').filter({ hasText: 'Warning, Slots per host:' })).toBeVisible()
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Warning, Slots per host:' })).toBeVisible()
  await page.getByRole('button', { name: 'Change' }).click()
  await expect(page.getByLabel('Slots per host')).toHaveValue('9')
})

test('a type without a price says so instead of inventing one', async ({ page }) => {
  await page.getByRole('combobox', { name: 'Instance type' }).fill('unpriced')
  await page.getByRole('option', { name: /^x9\.unpriced/ }).click()
  await expect(page.getByText('No price is known for this type.')).toBeVisible()
  await expect(page.getByText('at least $0.01/h')).toBeVisible()
})

test('a region that cannot be used is not offered', async ({ page }) => {
  await page.getByRole('combobox', { name: 'Region' }).click()
  await expect(page.getByRole('option', { name: /N\. Virginia.*not usable now/ })).toHaveAttribute(
    'data-combobox-disabled',
    'true'
  )
})

test('can be filled in and sent by keyboard alone', async ({ page, stage }) => {
  await page.getByLabel('Name').focus()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('by-hand')
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(() => document.activeElement?.textContent === 'Review')) break
    if (presses === 6) await expect(page.getByRole('button', { name: 'Review' })).toBeEnabled()
  }
  await page.keyboard.press('Enter')
  const launch = page.getByRole('button', { name: 'Launch network' })
  await expect(launch).toBeEnabled()
  await launch.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'by-hand' })).toBeVisible()
  expect(stage.manager.called.map(([method]) => method)).toEqual(['networks.launch'])
})

test('R packages are named one by one, and are part of what is asked', async ({ page, stage }) => {
  const packages = page.getByRole('combobox', { name: 'R packages' })
  await packages.fill('zoo')
  await packages.press('Enter')
  await packages.pressSequentially('data.table,')
  await expect(page.getByText('data.table', { exact: true })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByText('zoo, data.table')).toBeVisible()
  await page.getByRole('button', { name: 'Launch network' }).click()
  await expect.poll(() => stage.manager.called.at(-1)?.[1]).toMatchObject({ packages: ['zoo', 'data.table'] })
})

test('options that few change are folded away, say why, and are part of what is asked', async ({ page, stage }) => {
  await expect(page.getByLabel('Spot instances')).toBeHidden()
  await page.getByRole('button', { name: 'More options' }).click()
  await expect(page.getByLabel('Most to pay, USD an hour')).toBeHidden()
  await page.getByRole('combobox', { name: 'Spot instances' }).click()
  await page.getByRole('option', { name: 'Slaves only, master on demand' }).click()
  await expect(page.getByText('a cap never lowers the price')).toBeVisible()
  await page.getByLabel('Keep hyperthreading').check()
  await page.getByLabel('Root volume, GiB').fill('30')
  await page.getByLabel('Security group').fill('sg-0123')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByText('Slaves only, master on demand')).toBeVisible()
  await expect(page.getByText('30 GiB, gp3')).toBeVisible()
  await page.getByRole('button', { name: 'Launch network' }).click()
  await expect.poll(() => stage.manager.called.at(-1)?.[1]).toMatchObject({
    spot: 'slaves', hyperthreading: true, rootVolumeGib: 30, securityGroup: 'sg-0123'
  })
})
