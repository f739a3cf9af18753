import { RmadaError } from '../../app/main/core/error.ts'
import { expect, expectAccessible, test } from './fixtures/test.ts'

test('volumes are listed with where they are used and what they cost', async ({ page, stage }) => {
  await page.goto(`${stage.server.url}#/volumes`)
  const row = page.getByRole('row', { name: /vol-mounted/ })
  await expect(row).toContainText('fit-shared')
  await expect(row).toContainText('/shared')
  await expect(row).toContainText('$1.60')
  await expect(page.getByText('Prices: snapshot of 2026-02-09.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Actions on vol-root' })).toBeHidden()
  await expectAccessible(page)
})

test('a volume is made, and detached', async ({ page, stage }) => {
  await page.goto(`${stage.server.url}#/volumes`)
  await page.getByRole('button', { name: 'New volume' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of the volume').fill('more')
  await dialog.getByLabel('Size in GiB').fill('50')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'New volume' }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: 'Actions on vol-mounted' }).click()
  await page.getByRole('menuitem', { name: 'Detach' }).click()
  await expect(page.getByText('vol-mounted is detached.')).toBeVisible()
  expect(stage.manager.called).toMatchObject([
    ['volumes.create', { region: 'practice-1', sizeGib: 50, type: 'gp3', name: 'more' }],
    ['volumes.detach', { region: 'practice-1', id: 'vol-mounted' }]
  ])
})

test('a volume is deleted only when its id is typed, and a failure is shown', async ({ page, stage }) => {
  await page.goto(`${stage.server.url}#/volumes`)
  await page.getByRole('button', { name: 'Actions on vol-mounted' }).click()
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Actions on vol-theirs' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Rmada did not make this volume')
  await dialog.getByRole('textbox').fill('vol-the')
  await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled()
  await dialog.getByRole('textbox').fill('vol-theirs')
  stage.manager.refuseWith = new RmadaError('VOLUME_IN_USE', 'The volume is attached.', { suggestion: 'Detach it first.' })
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(dialog).toContainText('Detach it first.')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(dialog).toBeHidden()
  expect(stage.manager.called).toContainEqual(
    ['volumes.delete', { region: 'practice-1', id: 'vol-theirs', confirm: 'vol-theirs' }])
})

test('the create form offers a volume first, new or existing', async ({ page, stage }) => {
  await page.goto(`${stage.server.url}#/create`)
  await page.getByText('A new one', { exact: true }).click()
  await page.getByLabel('Size of the volume in GiB').fill('30')
  await page.getByLabel('Delete it with the network').check()
  await expectAccessible(page)
  await page.getByText('An existing one', { exact: true }).click()
  await page.getByRole('combobox', { name: 'Which volume' }).click()
  await expect(page.getByRole('option', { name: /vol-free/ })).toBeVisible()
  await expect(page.getByRole('option', { name: /vol-mounted/ })).toHaveAttribute('data-combobox-disabled', 'true')
})
