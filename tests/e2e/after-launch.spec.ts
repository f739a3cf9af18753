import { RmadaError } from '../../app/main/core/error.ts'
import { expect, expectAccessible, test } from './fixtures/test.ts'
import { network } from './fixtures/sample-data.ts'

test('a network is stopped by its name, and says what goes on costing', async ({ page, stage }) => {
  stage.manager.networks.put(network('fit', { pricePerHour: 0.17 }))
  await page.goto(`${stage.server.url}#/networks/fit`)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('$0.17/h will no longer be due')
  await expect(dialog).toContainText('disks stay and are still billed')
  await expectAccessible(page)
  await expect(dialog.getByRole('button', { name: 'Stop' })).toBeDisabled()
  await dialog.getByRole('textbox').fill('fit')
  await dialog.getByRole('button', { name: 'Stop' }).click()
  await expect(dialog).toBeHidden()
  expect(stage.manager.called).toEqual([['networks.stop', { name: 'fit' }]])
})

test('a stopped network can be started and not stopped again', async ({ page, stage }) => {
  stage.manager.networks.put(network('fit', { status: 'stopped', pricePerHour: 0 }))
  await page.goto(`${stage.server.url}#/networks/fit`)
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeHidden()
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('fit')
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  expect(stage.manager.called).toEqual([['networks.start', { name: 'fit' }]])
})

test('nodes are added with their price, and removed one by one, never the master', async ({ page, stage }) => {
  const fit = network('fit', { pricePerHour: 0.17 })
  stage.manager.networks.put(fit)
  await page.goto(`${stage.server.url}#/networks/fit`)
  await page.getByRole('button', { name: 'Add nodes' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'How many' }).fill('3')
  await expect(dialog).toContainText('$0.255/h more')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Add nodes' }).click()
  await expect(dialog).toBeHidden()

  const master = fit.instances.find((one) => one.role === 'master')
  const slave = fit.instances.find((one) => one.role === 'slave')
  if (!master || !slave) throw new Error('The sample has a master and a slave')
  await page.getByRole('button', { name: `Actions on ${master.hostName}` }).click()
  await expect(page.getByRole('menuitem')).toHaveText(['Reboot this node'])
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: `Actions on ${slave.hostName}` }).click()
  await page.getByRole('menuitem', { name: 'Remove this node' }).click()
  await dialog.getByRole('textbox').fill('fit')
  await dialog.getByRole('button', { name: 'Remove this node' }).click()
  await expect(dialog).toBeHidden()
  expect(stage.manager.called).toEqual([
    ['networks.addNodes', { name: 'fit', count: 3 }],
    ['networks.removeNodes', { name: 'fit', instances: [slave.id] }]
  ])
})

test('what was left behind is listed with its cost, and what may be in use is not picked', async ({ page, stage }) => {
  await page.goto(`${stage.server.url}#/orphans`)
  await expect(page.getByText('3 things · $0.085/h')).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'Remove i-theirs' })).not.toBeChecked()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Remove 2' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('practice-1')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove 2' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  expect(stage.manager.called).toEqual([
    ['orphans.remove', { region: 'practice-1', ids: ['sg-lost', 'key-lost'], confirm: true }]
  ])
})

test('a network of another computer is used here with its key, or the reason is said', async ({ page, stage }) => {
  stage.manager.networks.put(network('theirs', { status: 'services-not-running', keyHere: false }))
  await page.goto(`${stage.server.url}#/networks/theirs`)
  await page.getByRole('button', { name: 'Use it here' }).click()
  const dialog = page.getByRole('dialog')
  await expectAccessible(page)
  await dialog.getByRole('textbox').fill('/home/ana/key')
  stage.manager.refuseWith = new RmadaError('KEY_MISMATCH', 'It is another key.', { suggestion: 'Copy the right one.' })
  await dialog.getByRole('button', { name: 'Use it here' }).click()
  await expect(dialog.getByRole('alert')).toContainText('KEY_MISMATCH')
  await dialog.getByRole('button', { name: 'Use it here' }).click()
  await expect(dialog).toBeHidden()
  expect(stage.manager.called).toEqual([['networks.takeOver', { name: 'theirs', privateKeyFile: '/home/ana/key' }]])
})
