import { expect, expectAccessible, test } from './fixtures/test.ts'

test.beforeEach(async ({ page, stage }) => {
  await page.goto(`${stage.server.url}#/create`)
  await expect(page.getByText('Nothing speaks against it.')).toBeVisible()
  await page.getByRole('button', { name: 'Compare types' }).click()
  await expect(page.getByRole('dialog', { name: 'Instance types' })).toBeVisible()
})

test('compares types with prices, their source and age, and uses the one that is chosen', async ({ page }) => {
  const dialog = page.getByRole('dialog')
  const rows = dialog.getByRole('table').first().getByRole('rowheader')
  // Those for clusters come first; what has no price comes last among them.
  await expect(rows).toHaveText(['c5.xlarge', 'c6i.8xlarge', 'hpc7a.96xlarge', 'x9.unpriced', 't3.micro', 'c5.large'])
  await expect(dialog.getByRole('row', { name: /hpc7a/ })).toContainText('EFA')
  await expect(dialog.getByRole('row', { name: /x9\.unpriced/ })).toContainText('–')
  await expect(dialog.getByText('snapshot of 2026-10-01')).toBeVisible()
  await expect(dialog.getByText('The price list could not be read: No answer.')).toBeVisible()
  await expectAccessible(page)

  await dialog.getByRole('button', { name: 'c6i.8xlarge', exact: true }).click()
  const zones = dialog.getByRole('table', { name: 'Spot, now and in the last 7 days' })
  await expect(zones.getByRole('row', { name: /practice-1b/ })).toContainText('$0.031/h to $0.049/h')
  await dialog.getByRole('button', { name: 'Use c6i.8xlarge' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('combobox', { name: 'Instance type' })).toHaveValue('c6i.8xlarge')
  await expect(page.getByText(/\$1\.36\/h, Spot \$0\.544\/h/)).toBeVisible()
})

test('narrows the list and turns its order round', async ({ page }) => {
  const dialog = page.getByRole('dialog')
  const rows = dialog.getByRole('table').first().getByRole('rowheader')
  await dialog.getByLabel('Search').fill('c5')
  await expect(rows).toHaveText(['c5.xlarge', 'c5.large'])
  await dialog.getByLabel('Search').fill('')
  await dialog.getByLabel('Cores, at least').fill('16')
  await expect(rows).toHaveText(['c6i.8xlarge', 'hpc7a.96xlarge'])
  await dialog.getByRole('checkbox', { name: 'EFA' }).check()
  await expect(rows).toHaveText(['hpc7a.96xlarge'])
  await dialog.getByRole('checkbox', { name: 'GPU' }).check()
  await expect(dialog.getByText('No instance type fits. Ask for less.')).toBeVisible()
  await dialog.getByRole('checkbox', { name: 'GPU' }).uncheck()
  await dialog.getByRole('checkbox', { name: 'EFA' }).uncheck()
  await dialog.getByLabel('Cores, at least').fill('')
  await dialog.getByRole('button', { name: 'On demand' }).click()
  await expect(rows.first()).toHaveText('t3.micro')
  await expect(dialog.getByRole('columnheader', { name: 'On demand' })).toHaveAttribute('aria-sort', 'ascending')
  await dialog.getByRole('button', { name: 'On demand' }).click()
  await expect(rows.first()).toHaveText('hpc7a.96xlarge')
  await expect(rows.last()).toHaveText('x9.unpriced')
})

test('shows a thousand types by the few that are in view', async ({ page, stage }) => {
  const [one] = await stage.manager.handlers['catalogue.instanceTypes']({ region: 'practice-1' }, {
    audience: 'gui',
    signal: new AbortController().signal
  })
  if (one === undefined) throw new Error('the sample has types')
  const many = Array.from({ length: 1000 }, (_, index) => ({ ...one, name: `z${index}.large` }))
  stage.manager.handlers['catalogue.instanceTypes'] = () => Promise.resolve(many)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Search').fill('z')
  await expect(dialog.getByText('1000 types')).toBeVisible()
  const rows = dialog.getByRole('table').first().getByRole('rowheader')
  expect(await rows.count()).toBeLessThan(60)
  await dialog.getByRole('region', { name: 'Instance types that fit' }).evaluate((element) => {
    element.scrollTop = element.scrollHeight
  })
  await expect(dialog.getByRole('button', { name: 'z999.large' })).toBeVisible()
  expect(await rows.count()).toBeLessThan(60)
})
