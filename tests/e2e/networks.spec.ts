import { RmadaError } from '../../app/main/core/error.ts'
import { expect, expectAccessible, test } from './fixtures/test.ts'
import { failedLaunch, instance, launchTask, network } from './fixtures/sample-data.ts'

test('an empty window teaches and launches with one click, by defaults', async ({ page, stage }) => {
  await page.goto(stage.server.url)
  await expect(page.getByRole('button')).toHaveText(['', '', 'Launch a practice network'])
  await expect(page.getByRole('link', { name: 'Create network' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Launch a practice network' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'practice-net' })).toBeVisible()
  expect(stage.manager.called).toEqual([['networks.launch', { region: 'practice-1', onFailure: 'ask' }]])
})

test('a refused launch says why and can be tried again', async ({ page, stage }) => {
  await page.goto(stage.server.url)
  stage.manager.refuseWith = new RmadaError('PRACTICE_UNAVAILABLE', 'The practice cloud has no free port.', {
    suggestion: 'Close something.'
  })
  await page.getByRole('button', { name: 'Launch a practice network' }).click()
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('The practice cloud has no free port.')
  await expect(alert).toContainText('Close something.')
  await expect(alert).toContainText('PRACTICE_UNAVAILABLE')
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'practice-net' })).toBeVisible()
})

test('the table sorts, counts and prices, and shows the step that runs', async ({ page, stage }) => {
  const { networks, tasks } = stage.manager
  networks.put(network('small', { pricePerHour: 0.17 }))
  networks.put(network('big', { pricePerHour: 0.34, instances: [0, 1, 2, 3].map((index) => instance(index)) }))
  networks.put(network('young', { status: 'configuring', createdAt: new Date().toISOString() }))
  tasks.put(launchTask('young', 4))
  await page.goto(stage.server.url)
  const names = page.getByRole('table').getByRole('rowheader')
  await expect(names).toHaveText(['young', 'big', 'small'])
  await expect(page.getByText('3 networks · 8 instances · $0.68/h')).toBeVisible()
  await expect(page.getByRole('row', { name: /young/ })).toContainText('Configure the nodes')
  await expect(page.getByRole('row', { name: /big/ })).toContainText('$0.085/h')

  const total = page.getByRole('columnheader', { name: 'Total' })
  await total.getByRole('button').click()
  await expect(total).toHaveAttribute('aria-sort', 'ascending')
  await total.getByRole('button').click()
  await expect(names.first()).toHaveText('big')
  await expectAccessible(page)

  await page.getByRole('row', { name: /big/ }).hover()
  await page.getByRole('row', { name: /big/ }).getByText('1 hour ago').hover()
  await expect(page.getByRole('tooltip')).toHaveText(/\d{4} at \d\d:\d\d:\d\d/)
  networks.put(network('unknown', { pricePerHour: null }))
  await expect(page.getByText('$0.68/h and what has no known price')).toBeVisible()
})

test('a failed launch says what failed, what is still rented and its price, and leads out', async ({ page, stage }) => {
  stage.manager.networks.put(network('sunk', { status: 'failed', taskId: 'task-sunk' }))
  stage.manager.tasks.put(failedLaunch('sunk'))
  await page.goto(`${stage.server.url}#/networks/sunk`)
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('Node ip-10-42-0-11 could not be configured, because it has no mpirun.')
  await expect(alert).toContainText('Choose an image with Open MPI')
  await expect(alert).toContainText('It costs $0.17/h until it is terminated.')
  await expect(alert.getByText('Instance i-0c0ffee0000000000, $0.085/h')).toBeVisible()
  await expectAccessible(page)
  await alert.getByRole('button', { name: 'Copy report' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Code: CONFIGURE_FAILED')
  await alert.getByRole('button', { name: 'Repair' }).click()
  await expect(page.getByRole('heading', { name: 'Repair sunk' })).toBeVisible()
  expect(stage.manager.called).toEqual([['networks.repair', { name: 'sunk', onFailure: 'ask' }]])
})

test('what a launch printed can be read, copied and saved', async ({ page, stage }) => {
  stage.manager.networks.put(network('sunk', { status: 'failed', taskId: 'task-sunk' }))
  const failed = failedLaunch('sunk')
  stage.manager.tasks.put({
    ...failed, error: failed.error && { ...failed.error, details: { lastLines: 'E: no such package\nrmada: it failed' } }
  })
  await page.goto(`${stage.server.url}#/networks/sunk`)
  await expect(page.getByRole('alert')).toContainText('E: no such package')
  await page.getByRole('button', { name: /^Log: / }).click()
  const log = page.getByRole('log')
  await expect(log).toContainText('10:00:01 [ip-10-0-0-4] ==> Installing from CRAN: zoo')
  await expect(page.getByText('3 earlier lines are not shown')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Copy log' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Looking at what the nodes have.\n')
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.getByRole('button', { name: 'Save log' }).click()
  ])
  expect(download.suggestedFilename()).toBe('task-sunk.log')
})

test('terminate needs the name typed, and shows a refusal in place', async ({ page, stage }) => {
  stage.manager.networks.put(network('precious'))
  await page.goto(`${stage.server.url}#/networks/precious`)
  await page.getByRole('button', { name: 'Terminate' }).click()
  const dialog = page.getByRole('dialog', { name: 'Terminate “precious”?' })
  const confirm = dialog.getByRole('button', { name: 'Terminate' })
  await expect(dialog.getByRole('textbox')).toBeFocused()
  await expectAccessible(page)
  for (const wrong of ['', 'preciou', 'Precious', 'precious2']) {
    await dialog.getByRole('textbox').fill(wrong)
    await expect(confirm).toBeDisabled()
    await page.keyboard.press('Enter')
  }
  expect(stage.manager.called).toEqual([])
  stage.manager.refuseWith = new RmadaError('NETWORK_BUSY', 'Another task is at work on precious.', {
    suggestion: 'Wait for it.'
  })
  await dialog.getByRole('textbox').fill('precious')
  await confirm.click()
  await expect(dialog.getByRole('alert')).toContainText('NETWORK_BUSY')
  await confirm.click()
  await expect(dialog).toBeHidden()
  expect(stage.manager.called).toEqual([['networks.terminate', { name: 'precious' }]])

  stage.manager.tasks.put(
    launchTask('precious', 9, { id: 'terminate', kind: 'terminate', title: 'Terminate precious', state: 'succeeded' })
  )
  stage.manager.networks.remove('net-precious')
  await expect(page.getByText('Nothing of it is rented any more.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'News' })).toContainText('Terminate precious: done')
})

test('a launch can be cancelled, after a question', async ({ page, stage }) => {
  stage.manager.networks.put(network('half', { status: 'configuring' }))
  stage.manager.tasks.put(launchTask('half', 3))
  await page.goto(`${stage.server.url}#/networks/half`)
  await expect(page.getByRole('progressbar', { name: 'Launch half' })).toHaveAttribute('value', '37')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Cancel: Launch half' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  expect(stage.manager.called).toEqual([])
  await page.getByRole('button', { name: 'Cancel: Launch half' }).click()
  await page.getByRole('button', { name: 'Cancel it' }).click()
  await expect(page.getByText('Stopping at the next safe point…')).toBeVisible()
  expect(stage.manager.called).toEqual([['tasks.cancel', { id: 'task-half' }]])
})

test('the IDE’s address and its sign-in are shown', async ({ page, stage }) => {
  stage.manager.networks.put(network('lab'))
  await page.goto(`${stage.server.url}#/networks/lab`)
  await page.getByRole('button', { name: 'Open web IDE' }).click()
  const dialog = page.getByRole('dialog', { name: 'Open web IDE' })
  await expect(dialog).toContainText('ec2-user')
  await expect(dialog).toContainText('otter-lamp-42')
})
