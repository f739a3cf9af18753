import { existsSync } from 'node:fs'
import { expect, expectAccessible, test } from './fixtures/test.ts'
import { startApp } from './fixtures/browser-shell.ts'
import type { RunningApp } from './fixtures/browser-shell.ts'

/** The whole app on the practice cloud: real manager, machines and R. Each test goes on where the last one ended. */
test.describe.configure({ mode: 'serial' })
let app: RunningApp

test.beforeAll(async () => {
  test.setTimeout(120_000)
  app = await startApp(process.env.RMADA_E2E_BACKEND ?? 'processes')
})
test.afterAll(async () => {
  test.setTimeout(60_000)
  await app.close()
})

let name = ''

test('the address without its key opens nothing', async ({ page, complaints }) => {
  const response = await page.goto(new URL('/', app.address).href)
  expect(response?.status()).toBe(403)
  complaints.length = 0 // The browser logs the refused page.
})

test('an empty window launches a practice network with one click', async ({ page }) => {
  test.setTimeout(180_000)
  await page.goto(app.address)
  await expect(page.getByRole('heading', { name: 'Your first network is one click away' })).toBeVisible()
  await page.getByRole('button', { name: 'Launch a practice network' }).click()

  await expect(page).toHaveURL(/#\/networks\/.+/)
  name = decodeURIComponent(new URL(page.url()).hash.replace('#/networks/', ''))
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Steps' }).getByRole('listitem').first()).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Compute on it' })).toBeVisible({ timeout: 150_000 })
  await expect(page.getByText('Running', { exact: true }).first()).toBeVisible()
  const instances = page.getByRole('table', { name: 'Instances' })
  await expect(instances.getByRole('row')).toHaveCount(3)
  await expect(instances.getByRole('row').nth(1)).toContainText('Master')
  await expect(instances.getByRole('row').nth(2)).toContainText('Slave')
  await expect(page.getByText(/Launch .*: done/)).toBeVisible()
  await expectAccessible(page)
})

test('the table shows it with its price', async ({ page }) => {
  await page.goto(app.address)
  const row = page.getByRole('row', { name: new RegExp(`^${name} `) })
  await expect(row).toContainText('Running')
  await expect(row).toContainText(/\$\d/)
  await expect(page.getByText('nothing is billed')).toBeVisible()
})

test('the copied code is what an R console needs', async ({ page }) => {
  await page.goto(`${app.address}#/networks/${name}`)
  await page.getByRole('button', { name: 'Copy the R code' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `library(rmada)\nppe.startClient("${name}")\nre(1 + 1)`
  )
})

test('the web IDE opens in a page of its own', async ({ page, context }) => {
  test.skip(
    !existsSync('/usr/bin/jupyter-notebook') && !existsSync('/usr/lib/rstudio-server'),
    'This machine has no web IDE.'
  )
  test.setTimeout(90_000)
  await page.goto(`${app.address}#/networks/${name}`)
  const opened = context.waitForEvent('page', { timeout: 60_000 })
  await page.getByRole('button', { name: 'Open web IDE' }).click()
  const ide = await opened
  await ide.waitForLoadState('domcontentloaded')
  expect(new URL(ide.url()).hostname).toMatch(/^(127\.0\.0\.1|localhost)$/)
  await expect(ide).toHaveTitle(/Home|Jupyter|RStudio/i)
})

test('the form tells what cannot be, in the words of the manager, and rents nothing', async ({ page }) => {
  await page.goto(`${app.address}#/create`)
  const field = page.getByLabel('Instances', { exact: true })
  await expect(page.getByRole('button', { name: 'Review' })).toBeEnabled()
  for (const wrong of ['0', '-3', '1.5', '100000']) {
    await field.fill(wrong)
    await expect(page.getByText('1 thing to fix')).toBeVisible()
    await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expect(page.getByRole('button', { name: 'Review' })).toBeDisabled()
    await field.fill('2')
    await expect(page.getByText('1 thing to fix')).toBeHidden()
  }
  for (const wrong of ['', 'no spaces', name]) {
    await page.getByLabel('Name').fill(wrong)
    await expect(page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true')
  }
})

test('reboot asks for the name and comes back running', async ({ page }) => {
  test.setTimeout(150_000)
  await page.goto(`${app.address}#/networks/${name}`)
  await page.getByRole('button', { name: 'Reboot' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(name)
  await dialog.getByRole('button', { name: 'Reboot' }).click()
  await expect(page.getByText(/Reboot .*: done/)).toBeVisible({ timeout: 120_000 })
  await expect(page.getByRole('heading', { name: 'Compute on it' })).toBeVisible()
})

test('a manager that dies is said to be away, and the window comes back with the network', async ({ page }) => {
  test.setTimeout(90_000)
  await page.goto(`${app.address}#/networks/${name}`)
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await app.killManager()
  await expect(page.getByText('Reconnecting to the Rmada manager…')).toBeVisible()
  await expect(page.getByText('Reconnecting to the Rmada manager…')).toBeHidden({ timeout: 45_000 })
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Terminate' })).toBeVisible()
})

test('terminate asks for the name, ends it, and says that nothing is rented', async ({ page }) => {
  test.setTimeout(150_000)
  await page.goto(`${app.address}#/networks/${name}`)
  await page.getByRole('button', { name: 'Terminate' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Terminate' })).toBeDisabled()
  await dialog.getByRole('textbox').fill(name)
  await dialog.getByRole('button', { name: 'Terminate' }).click()
  await expect(page.getByText('Nothing of it is rented any more.')).toBeVisible({ timeout: 120_000 })
  await page.getByRole('link', { name: 'Networks' }).first().click()
  await expect(page.getByRole('button', { name: 'Launch a practice network' })).toBeVisible()
})

test('about says what the machines are', async ({ page }) => {
  await page.goto(`${app.address}#/about`)
  await expect(page.getByText('Available', { exact: true })).toBeVisible()
  await expectAccessible(page)
})
