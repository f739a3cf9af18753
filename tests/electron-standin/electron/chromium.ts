import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import type { BrowserContext } from 'playwright'
import { closeForeignPage } from './traffic.ts'

let opened: Promise<BrowserContext> | null = null

/** The one Chromium behind all windows; its debugging port lets the test look at the pages as a user does. */
export function browserContext(): Promise<BrowserContext> {
  opened ??= open()
  return opened
}

async function open(): Promise<BrowserContext> {
  const profile = process.env['STANDIN_PROFILE'] ?? mkdtempSync(join(tmpdir(), 'rmada-standin-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...(process.env['STANDIN_CHROMIUM'] ? { executablePath: process.env['STANDIN_CHROMIUM'] } : {}),
    viewport: null,
    args: [
      '--remote-debugging-port=0', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'
    ]
  })
  // Windows answer for themselves; what a page opened is closed at once and must reach for nothing until then.
  await context.route('**/*', route => route.abort())
  context.on('page', page => void closeForeignPage(page))
  process.once('exit', () => rmSync(profile, { recursive: true, force: true }))
  return context
}

export async function closeBrowser(): Promise<void> {
  await (await opened?.catch(() => null))?.close()
}
