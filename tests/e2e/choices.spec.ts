import { RmadaError } from '../../app/main/core/error.ts'
import { launchTask, network } from './fixtures/sample-data.ts'
import { question } from './fixtures/sample-question.ts'
import { expect, expectAccessible, test } from './fixtures/test.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a paused launch asks in place, with reason, node, console, rent and choices (${colorScheme})`, async ({
    page, stage
  }) => {
    await page.emulateMedia({ colorScheme })
    stage.manager.networks.put(network('stuck', { status: 'configuring', taskId: 'task-stuck' }))
    stage.manager.tasks.put(launchTask('stuck', 3, { question: question() }))
    await page.goto(`${stage.server.url}#/networks/stuck`)
    const asked = page.getByRole('note', { name: 'What shall be done?' })
    await expect(asked).toContainText('does not answer on its ssh port after 5 minutes')
    await expect(asked).toContainText('ip-10-42-0-10 (master)')
    await expect(asked).toContainText('Rented while it waits: 2 instances, $0.17/h.')
    await expect(asked.getByRole('button')).toHaveText(
      ['Try again', 'Replace ip-10-42-0-10', 'Other zone', 'Continue with 1', 'Roll back', 'Stop here'])
    await expect(asked.getByText('Kernel panic')).toBeHidden()
    await asked.getByText('Last lines of the console of ip-10-42-0-10').click()
    await expect(asked.getByText('Kernel panic')).toBeVisible()
    await expectAccessible(page)

    await asked.getByLabel('Zone to rent in').selectOption('practice-1c')
    await asked.getByRole('button', { name: 'Other zone: stuck' }).click()
    expect(stage.manager.called).toEqual([
      ['tasks.choose', { id: 'task-stuck', choice: 'other-zone', question: 'q-1', zone: 'practice-1c' }]
    ])
    stage.manager.tasks.put(launchTask('stuck', 3, { question: null }))
    await expect(asked).toBeHidden()
  })
}

test('the tray asks too, shows a refused answer in place, and a new question anew', async ({ page, stage }) => {
  stage.manager.networks.put(network('stuck', { status: 'configuring', taskId: 'task-stuck' }))
  stage.manager.tasks.put(launchTask('stuck', 3, { question: question() }))
  await page.goto(stage.server.url)
  await page.getByRole('button', { name: 'Tasks, 1 at work' }).click()
  const tray = page.getByRole('dialog')
  await expect(tray.getByText('Waiting for you')).toBeVisible()
  await expectAccessible(page)
  stage.manager.refuseWith = new RmadaError('TASK_NOT_ASKING', 'Meanwhile this task asks something else.', {
    suggestion: 'Look at the task again, then choose.'
  })
  await tray.getByRole('button', { name: 'Try again: stuck' }).click()
  await expect(tray.getByRole('alert').filter({ hasText: 'TASK_NOT_ASKING' })).toBeVisible()
  stage.manager.tasks.put(launchTask('stuck', 3, {
    question: question({ id: 'q-2', nodes: [], console: [], rented: [], pricePerHour: 0, choices: [
      { choice: 'wait', title: 'Try again', detail: 'Once more.' }
    ] })
  }))
  await expect(tray.getByText('TASK_NOT_ASKING')).toBeHidden()
  await expect(tray.getByText('Nothing is rented while it waits.')).toBeVisible()
  await tray.getByRole('button', { name: 'Try again: stuck' }).click()
  expect(stage.manager.called).toEqual([['tasks.choose', { id: 'task-stuck', choice: 'wait', question: 'q-2' }]])
})
