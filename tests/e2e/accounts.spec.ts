import { RmadaError } from '../../app/main/core/error.ts'
import { expect, expectAccessible, test } from './fixtures/test.ts'

test.beforeEach(async ({ page, stage }) => {
  await page.goto(`${stage.server.url}#/accounts`)
  await expect(page.getByRole('heading', { level: 1, name: 'Connect AWS' })).toBeVisible()
})

test('shows the ways to sign in, and signs in by another', async ({ page, stage }) => {
  const ways = page.getByRole('region', { name: 'Sign in by' })
  await expect(ways.getByRole('listitem').filter({ hasText: 'work' })).toContainText('In use')
  await expect(ways).toContainText('aws sso login --profile work')
  await expectAccessible(page)
  await ways.getByRole('button', { name: 'Use this: lab' }).click()
  await expect(ways.getByRole('listitem').filter({ hasText: 'WXYZ' })).toContainText('In use')
  expect(stage.manager.called).toEqual([['accounts.use', { profile: null, key: 'lab' }]])
})

test('says whose account it is, what is not permitted, and which policy would permit it', async ({ page }) => {
  const panel = page.getByRole('region', { name: 'Whose account' })
  await panel.getByRole('combobox', { name: 'Region' }).click()
  await page.getByRole('option', { name: /N\. Virginia/ }).click()
  await panel.getByRole('button', { name: 'Check the sign-in' }).click()
  await expect(panel).toContainText('111122223333')
  await expect(panel).toContainText('arn:aws:iam::111122223333:user/ana')
  await expect(panel).toContainText('The clock of this computer is 10 minutes slow.')
  await panel.getByRole('button', { name: 'Check permissions' }).click()
  await expect(panel).toContainText('Missing: ec2:RunInstances')
  await expect(panel.getByRole('row').filter({ hasText: 'ec2:RunInstances' })).toContainText('Denied')
  await expect(panel.getByRole('button', { name: 'Copy policy' })).toBeVisible()
  await expectAccessible(page)
})

test('takes an access key, says honestly where it is kept, and keeps nothing of it on the page', async ({
  page,
  stage
}) => {
  const form = page.getByRole('region', { name: 'Add an access key' })
  await expect(form).toContainText('no keychain that Rmada can use')
  await form.getByLabel('Name for the key').fill('field')
  await form.getByLabel('Access key id').fill('AKIAIOSFODNN7EXAMPLE')
  const secret = form.getByRole('textbox', { name: 'Secret access key' })
  await secret.fill('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')
  await expect(secret).toHaveAttribute('type', 'password')
  await form.getByRole('button', { name: 'Keep the key' }).click()
  await expect(form).toContainText('The key field is kept.')
  await expect(secret).toHaveValue('')
  expect(await page.content()).not.toContain('wJalrXUtnFEMI')
  expect(stage.manager.called.map(([method]) => method)).toEqual(['accounts.storeKey'])
  await page.getByRole('button', { name: 'Delete the access key field' }).click()
  await expect(page.getByRole('button', { name: 'Delete the access key field' })).toHaveCount(0)
})

test('connects another endpoint, and says why one is refused', async ({ page, stage }) => {
  const form = page.getByRole('region', { name: 'Another EC2-compatible endpoint' })
  await form.getByLabel('Name of the region').fill('lab-1')
  await form.getByLabel('Address').fill('not an address')
  stage.manager.refuseWith = new RmadaError('ENDPOINT_INVALID', 'The endpoint is not a web address: not an address', {
    suggestion: 'Give an address that starts with https://.'
  })
  await form.getByRole('button', { name: 'Connect' }).click()
  await expect(form.getByRole('alert')).toContainText('not a web address')
  await expectAccessible(page)
  await form.getByLabel('Address').fill('https://ec2.lab.example')
  await form.getByRole('button', { name: 'Connect' }).click()
  await expect(form).toContainText('lab-1 answers and can be chosen for networks.')
  expect(stage.manager.called).toEqual([
    ['regions.connect', { region: 'lab-1', endpoint: 'https://ec2.lab.example', remember: true }]
  ])
})

test('sets a proxy, and the page is sound in the dark as well', async ({ page, stage }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  const form = page.getByRole('region', { name: 'Connection' })
  await expect(form).toContainText('proxy.corp.example:3128')
  await form.getByLabel('Proxy host').fill('proxy.example.org')
  await form.getByLabel('Proxy user').fill('ana')
  await form.getByRole('textbox', { name: 'Proxy password' }).fill('hidden')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form).toContainText('Saved.')
  expect(stage.manager.called).toEqual([
    [
      'connection.set',
      {
        proxy: { host: 'proxy.example.org', port: 8080, user: 'ana', password: 'hidden' },
        connectSeconds: 3,
        answerSeconds: 60,
        retries: 3
      }
    ]
  ])
  await expectAccessible(page)
})
