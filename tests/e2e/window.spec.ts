import { expect, expectAccessible, test } from './fixtures/test.ts'
import { failedLaunch, instance, launchTask, network } from './fixtures/sample-data.ts'

/** Every screen in every dress: nothing for axe to find, nothing wider than the window. */
const places = [
  '#/networks',
  '#/create',
  '#/networks/alpha',
  '#/networks/beta',
  '#/networks/gamma',
  '#/networks/nobody',
  '#/about',
  '#/nowhere'
]
const sizes = [
  [600, 800],
  [800, 600],
  [1600, 1000]
] as const

for (const scheme of ['light', 'dark'] as const) {
  test(`every screen is accessible and fits, ${scheme}`, async ({ page, stage }) => {
    test.setTimeout(120_000)
    const { networks, tasks } = stage.manager
    networks.put(network('alpha', { instances: [0, 1, 2, 3].map((index) => instance(index)) }))
    networks.put(network('beta', { status: 'configuring' }))
    tasks.put(launchTask('beta', 4))
    networks.put(network('gamma', { status: 'failed', taskId: 'task-gamma' }))
    tasks.put(failedLaunch('gamma'))
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await page.goto(stage.server.url)
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      for (const place of places) {
        await page.goto(new URL(place, stage.server.url.replace(/\?.*/, '')).href)
        await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
        if (place === '#/create') await expect(page.getByRole('button', { name: 'Review' })).toBeEnabled()
        const overhang = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth
        )
        expect(overhang, `${place} at ${width} pixels`).toBe(0)
        if (width !== 800) await expectAccessible(page)
      }
    }
    await page.getByRole('button', { name: /^Tasks/ }).click()
    await expect(page.getByRole('dialog', { name: 'Tasks' }).getByRole('listitem')).toHaveCount(2)
    await expectAccessible(page)
  })
}

test('light and dark follow the system until one is chosen, and the choice is kept', async ({ page, stage }) => {
  const html = page.locator('html')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(stage.server.url)
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light')
  await page.getByRole('button', { name: 'Light or dark' }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.reload()
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

test('a lost connection is said, and mended by itself with what changed meanwhile', async ({ page, stage }) => {
  const { manager, server } = stage
  manager.networks.put(network('alpha'))
  await page.goto(server.url)
  await expect(page.getByRole('link', { name: 'alpha' })).toBeVisible()
  stage.ready = false
  server.disconnectWindows()
  await expect(page.getByText('Reconnecting to the Rmada manager…')).toBeVisible()
  await expect(page.getByRole('link', { name: 'alpha' })).toBeVisible()
  await expectAccessible(page)
  manager.networks.put(network('beta'))
  stage.ready = true
  await page.getByRole('button', { name: 'Try now' }).click()
  await expect(page.getByText('Reconnecting to the Rmada manager…')).toBeHidden()
  await expect(page.getByRole('link', { name: 'beta' })).toBeVisible()
})

test('while the manager has not answered yet, the shape of the page stands already', async ({ page, stage }) => {
  stage.ready = false
  await page.goto(stage.server.url)
  await expect(page.getByRole('region', { name: 'Loading' })).toBeVisible()
  stage.ready = true
  await expect(page.getByRole('button', { name: 'Launch a practice network' })).toBeVisible({ timeout: 15_000 })
})

test('a defect of one view leaves the rest of the window alone', async ({ page, stage, complaints }) => {
  stage.manager.networks.put(network('alpha'))
  await page.goto(stage.server.url)
  // A browser in which dates cannot be written: any view that shows one breaks.
  await page.addInitScript(() => {
    Intl.RelativeTimeFormat.prototype.format = () => {
      throw new Error('no words for times')
    }
  })
  await page.reload()
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('This view could not be shown')
  await alert.getByRole('button', { name: 'Copy report' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('no words for times')
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible()
  await page.getByRole('link', { name: 'About' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'About Rmada' })).toBeVisible()
  complaints.length = 0 // React logs what the boundary caught.
})

test('the keyboard reaches the content first, and each new view takes the focus', async ({ page, stage }) => {
  stage.manager.networks.put(network('alpha'))
  await page.goto(stage.server.url)
  await expect(page.getByRole('link', { name: 'alpha' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Create network' })).toBeFocused()
  await page.getByRole('link', { name: 'alpha' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'alpha' })).toBeVisible()
  await expect(page.getByRole('main')).toBeFocused()
  await expect(page).toHaveTitle('alpha · Rmada')
})

test('the end of a task is told; ends from before are not', async ({ page, stage }) => {
  stage.manager.networks.put(network('alpha'))
  stage.manager.tasks.put(launchTask('old', 9, { state: 'succeeded' }))
  stage.manager.tasks.put(launchTask('alpha', 5))
  await page.goto(stage.server.url)
  await expect(page.getByRole('button', { name: 'Tasks, 1 at work' })).toBeVisible()
  stage.manager.tasks.put(launchTask('alpha', 9, { state: 'succeeded', endedAt: new Date().toISOString() }))
  const news = page.getByRole('region', { name: 'News' })
  await expect(news).toContainText('Launch alpha: done')
  await expect(news).not.toContainText('Launch old')
  await news.getByRole('button', { name: 'Dismiss' }).click()
  await expect(news).toBeEmpty()
})
