import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright'
import { launchApp } from './launch.ts'
import type { RunningApp } from './launch.ts'

let app: RunningApp
let page: Page
beforeAll(async () => {
  app = await launchApp()
  page = await app.page()
  await page.locator('#root > *').first().waitFor({ state: 'attached' })
})
afterAll(() => app.close())

const address = async (): Promise<string | undefined> => (await app.ask('look')).windows[0]?.url
const external = async (): Promise<string[]> => (await app.ask('look')).openedExternally
/** Follows an address as a link in the page would. */
const follow = (href: string, target = ''): Promise<void> => page.evaluate(([to, into]) => {
  const link = document.createElement('a')
  link.href = to
  link.target = into
  document.body.append(link)
  link.click()
  link.remove()
}, [href, target] as const)

describe('navigation', () => {
  it('shows our own page', async () => {
    expect(await address()).toMatch(/^rmada-app:\/\/app\/index\.html/)
  })

  it.each(['https://docs.aws.amazon.com/ec2/', 'https://cran.r-project.org/'])(
    'hands %s to the browser and stays', async href => {
      await follow(href)
      await expect.poll(external).toContain(href)
      expect(await address()).toMatch(/^rmada-app:/)
    })

  it.each(['http://evil.test/', 'https://user@evil.test/', 'http://169.254.169.254/latest/'])(
    'goes to %s neither here nor there', async href => {
      const before = await external()
      await follow(href)
      // A later allowed link is behind it: when that arrived, the blocked one would have.
      await follow('https://www.r-project.org/')
      await expect.poll(external).toHaveLength(before.length + 1)
      expect(await external()).not.toContain(href)
      expect(await address()).toMatch(/^rmada-app:/)
    })

  it('lets no frame load anything', async () => {
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.src = 'https://evil.test/frame'
      document.body.append(frame)
    })
    await follow('https://www.r-project.org/after-frame')
    await expect.poll(external).toContain('https://www.r-project.org/after-frame')
    expect((await app.ask('look')).foreignRequests).toEqual([])
  })
})

describe('a new window', () => {
  it('is denied, and an https address goes to the browser', async () => {
    await page.evaluate(() => { window.open('https://www.rstudio.com/opened') })
    await expect.poll(external).toContain('https://www.rstudio.com/opened')
    await follow('https://www.rstudio.com/blank', '_blank')
    await expect.poll(external).toContain('https://www.rstudio.com/blank')
    expect((await app.ask('look')).windows).toHaveLength(1)
  })

  it.each(['file:///etc/passwd', 'rmada-app://app/index.html', 'about:blank'])('on %s is denied', async href => {
    const before = await external()
    await page.evaluate(to => { window.open(to) }, href)
    await page.evaluate(() => { window.open(`https://www.rstudio.com/after-${Math.random()}`) })
    await expect.poll(external).toHaveLength(before.length + 1)
    expect((await app.ask('look')).windows).toHaveLength(1)
  })
})

describe('permissions', () => {
  const state = (name: string): Promise<string> => page.evaluate(
    async permission => (await navigator.permissions.query({ name: permission as PermissionName })).state, name)

  it.each(['geolocation', 'notifications', 'clipboard-read', 'camera'])('%s is denied to the page', async name => {
    expect(await state(name)).toBe('denied')
  })

  it('let the copy buttons work', async () => {
    expect(await app.ask('askPermission', { permission: 'clipboard-sanitized-write', origin: 'rmada-app://app' }))
      .toEqual({ check: true, request: true })
  })

  it.each(['media', 'usb', 'serial', 'display-capture', 'openExternal', 'fileSystem'] as const)(
    '%s is denied on check and on request', async permission => {
      expect(await app.ask('askPermission', { permission, origin: 'rmada-app://app' }))
        .toEqual({ check: false, request: false })
    })

  it('are for our own page only', async () => {
    expect(await app.ask('askPermission', { permission: 'clipboard-sanitized-write', origin: 'https://evil.test' }))
      .toEqual({ check: false, request: false })
  })
})

describe('the content security policy', () => {
  it('lets the app itself run without a single violation', async () => {
    const violations: string[] = []
    page.on('console', message => {
      if (/Content Security Policy/i.test(message.text())) violations.push(message.text())
    })
    await page.reload()
    await page.locator('#root > *').first().waitFor({ state: 'attached' })
    expect(violations).toEqual([])
  })

  it('stops an inline script', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      return 'injected' in window
    })
    expect(ran).toBe(false)
  })

  it('stops eval', async () => {
    expect(await page.evaluate(() => {
      const violated = new Promise<string>(resolve => {
        document.addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective), { once: true })
      })
      const script = document.createElement('button')
      script.setAttribute('onclick', 'window.injected = true')
      document.body.append(script)
      script.click()
      return violated
    })).toMatch(/script-src/)
  })

  it.each(['https://evil.test/steal', 'http://127.0.0.1:1/'])('stops a request to %s', async target => {
    expect(await page.evaluate(to => fetch(to).then(() => 'sent', () => 'refused'), target)).toBe('refused')
    expect((await app.ask('look')).foreignRequests).toEqual([])
  })
})

describe('our scheme', () => {
  const visit = async (path: string): Promise<{ status: number; policy: string; body: string }> => {
    const answer = await page.goto(new URL(page.url()).origin + path)
    if (!answer) throw new Error(`No answer for ${path}`)
    return {
      status: answer.status(), policy: answer.headers()['content-security-policy'] ?? '', body: await answer.text()
    }
  }

  it.each(['/package.json', '/..%2fpackage.json', '/..%2f..%2fpackage.json', '/%2e%2e/main/index.js', '/assets/', '/'])(
    'has nothing at %s', async path => {
      expect(await visit(path)).toMatchObject({ status: 404, body: 'Not found' })
    })

  it('serves the page under its policy', async () => {
    const { status, policy, body } = await visit('/index.html')
    expect({ status, policy }).toEqual({ status: 200, policy: expect.stringContaining("default-src 'none'") })
    expect(body).toContain('id="root"')
  })
})
