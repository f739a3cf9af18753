import { network } from './fixtures/sample-data.ts'
import { expect, expectAccessible, test } from './fixtures/test.ts'

test('own images are listed with what they carry, and one goes once its name was typed', async ({ page, stage }) => {
  await page.goto(`${stage.server.url}#/images`)
  const row = page.getByRole('row', { name: /with my packages/ })
  await expect(row).toContainText('R 4.5.1, Open MPI 4.1.6, evaluator 0.1.0')
  await expect(row).toContainText('$0.40 a month')
  const theirs = page.getByRole('row', { name: /theirs/ })
  await expect(theirs).toContainText('Not made by Rmada')
  await expect(theirs.getByRole('button')).toHaveCount(0)
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Deregister with my packages' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Deregister' })).toBeDisabled()
  await dialog.getByRole('textbox').fill('with my packages')
  await dialog.getByRole('button', { name: 'Deregister' }).click()
  await expect(dialog).toBeHidden()
  expect(stage.manager.called).toEqual([
    ['images.deregister', { region: 'practice-1', id: 'ami-0f00000000000001', confirm: 'with my packages' }]
  ])
})

test('a running network is saved as an image', async ({ page, stage }) => {
  stage.manager.networks.put(network('fit'))
  await page.goto(`${stage.server.url}#/networks/fit`)
  await page.getByRole('button', { name: 'Save as image' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name of the image' }).fill('with my packages')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  expect(stage.manager.called).toEqual([['images.save', { network: 'fit', name: 'with my packages' }]])
})
